package io.taffrail.cli.log;

import io.taffrail.cli.control.VhostOptions;
import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.Failure;
import io.taffrail.cli.terminal.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "reopen", description = "Has the running broker open logs that failed (quarantined or"
        + " offline ones) anew from what is on disk; 'taffrail status' names them.")
final class ReopenLogs implements Runnable {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "A partition (TOPIC-NUMBER), a queue or"
            + " stream, or the id of a log as 'status' shows it.")
    private List<String> names = List.of();

    @Override
    public void run() {
        Output out = Output.standard();
        for (String name : names) {
            List<Map<?, ?>> answers = new ArrayList<>();
            host.ask("log reopen", Map.of("name", name), answers::add);
            if (answers.isEmpty()) {
                throw new Failure(ExitCode.FAILURE, "the broker stopped before it was done");
            }
            if (Boolean.FALSE.equals(answers.getFirst().get("reopened"))) {
                out.line(name + " is in use: nothing was to be done");
            }
        }
        out.flush();
    }
}
