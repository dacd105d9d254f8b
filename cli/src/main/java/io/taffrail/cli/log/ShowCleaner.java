package io.taffrail.cli.log;

import io.taffrail.cli.control.ControlOptions;
import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.Failure;
import io.taffrail.cli.terminal.Output;
import io.taffrail.net.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "cleaner", description = {
    "Shows the compaction of the running broker: the state of every log with compaction, how much of"
            + " it is dirty, its last round, and what was done since the start."}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                "0:every log can be compacted",
                "1:a log backs off after a failure, or is uncleanable",
                "2:wrong usage",
                "3:no broker runs on the directory, or it belongs to another user"})
final class ShowCleaner implements Callable<Integer> {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Override
    public Integer call() {
        List<Map<?, ?>> objects = new ArrayList<>();
        broker.ask("log cleaner", Map.of(), objects::add);
        if (objects.isEmpty() || !objects.getLast().containsKey("totals")) {
            throw new Failure(ExitCode.FAILURE, "the broker stopped before it was done");
        }
        Output out = Output.standard();
        if (broker.output().json()) {
            objects.forEach(object -> out.line(Json.write(object)));
        } else {
            new CleanerText(objects.subList(0, objects.size() - 1), objects.getLast()).print(out);
        }
        out.flush();
        return objects.stream().anyMatch(object -> object.containsKey("reason"))
                ? ExitCode.FAILURE
                : ExitCode.OK;
    }
}
