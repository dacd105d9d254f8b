package io.taffrail.cli.status;

import io.taffrail.cli.control.ControlOptions;
import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.Output;
import io.taffrail.net.json.Json;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the status of the broker; the exit code is 0 only if every part of it is in use. */
@Command(name = "status", description = {
    "Shows how the running broker is: listeners, connections, storage and memory, and what is out of"
            + " use: queues and logs in quarantine, partitions that could not be opened, background"
            + " work on logs that fails.",
    "'queue reopen' opens a queue anew, 'log reopen' a topic's partition or any other log."}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
        "0:everything is in use", "1:a queue, a log, a partition or the storage is out of use",
        "2:wrong usage", "3:no broker runs on the directory, or it belongs to another user"})
public final class StatusCommand implements Callable<Integer> {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Override
    public Integer call() {
        Map<?, ?> report = broker.only("status", Map.of());
        Output out = Output.standard();
        if (broker.output().json()) {
            out.line(Json.write(report));
        } else {
            new StatusText(report).print(out);
        }
        out.flush();
        return Boolean.TRUE.equals(report.get("healthy")) ? ExitCode.OK : ExitCode.FAILURE;
    }
}
