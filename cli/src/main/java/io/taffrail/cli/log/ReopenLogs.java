package io.taffrail.cli.log;

import io.taffrail.cli.control.VhostOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "reopen", description = "Has the running broker open logs that failed (quarantined or"
        + " offline ones) anew from what is on disk; 'taffrail status' names them.")
final class ReopenLogs implements Callable<Integer> {

    @Mixin
    private VhostOptions host = new VhostOptions();

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "A partition (TOPIC-NUMBER), a queue or"
            + " stream, or the id of a log as 'status' shows it.")
    private List<String> names = List.of();

    @Override
    public Integer call() {
        return host.output().each(names, name -> host.tell("log reopen", Map.of("name", name),
                answer -> Boolean.FALSE.equals(answer.get("reopened"))
                        ? name + " was in use; nothing was done"
                        : "reopened " + name));
    }
}
