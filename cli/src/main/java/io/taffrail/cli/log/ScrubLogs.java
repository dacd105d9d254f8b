package io.taffrail.cli.log;

import io.taffrail.cli.control.ControlOptions;
import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.Failure;
import io.taffrail.cli.terminal.Output;
import io.taffrail.log.config.ByteSize;
import io.taffrail.net.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "scrub", description = {
    "Has the running broker read every durable batch it stores and verify the checksum.",
    "Each damage is printed with file and byte position, and logged by the broker once as SCR-001."
            + " Clients are served meanwhile; --rate bounds what they notice. The broker is reached by a"
            + " socket in its data directory that only its owner may use.",
    "A broker scrubs by itself if log.scrub.interval is set."}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
        "0:nothing is wrong", "1:something is damaged", "2:wrong usage",
        "3:no broker runs on the directory, or it belongs to another user"})
final class ScrubLogs implements Callable<Integer> {

    @Mixin
    private ControlOptions broker = new ControlOptions();

    @Option(names = "--rate", paramLabel = "SIZE", description = "Read at most so much in a second, for example 100MiB (default: as fast as the disk).")
    private Optional<String> rate = Optional.empty();

    @Parameters(paramLabel = "LOG", arity = "0..*", description = "Ids of logs, as 'inspect' shows them (default: all).")
    private List<String> logs = List.of();

    @Override
    public Integer call() {
        Map<String, Object> request = new LinkedHashMap<>();
        rate.ifPresent(text -> request.put("rate", bytes(text)));
        request.put("logs", logs);
        Output out = Output.standard();
        boolean json = broker.output().json();
        Map<String, Object> last = new LinkedHashMap<>();
        broker.ask("scrub", request, answer -> {
            if (json) {
                out.line(Json.write(answer));
            } else if (answer.containsKey("damage")) {
                out.line("damage  %s at %s: %s".formatted(answer.get("file"),
                        answer.get("position"), answer.get("damage")));
            }
            out.flush();
            if (answer.containsKey("done")) {
                answer.forEach((name, value) -> last.put(String.valueOf(name), value));
            }
        });
        if (last.isEmpty()) {
            throw new Failure(ExitCode.FAILURE, "the broker stopped before the scrub was done");
        }
        boolean sound = "0".equals(String.valueOf(last.get("damages")));
        if (!json) {
            out.line("%s segments, %s batches, %s bytes read: %s".formatted(last.get("segments"),
                    last.get("batches"), last.get("bytes"),
                    sound ? "nothing is wrong" : last.get("damages") + " damaged"));
        }
        out.flush();
        return sound ? ExitCode.OK : ExitCode.FAILURE;
    }

    private static long bytes(String text) {
        try {
            return ByteSize.parse(text).bytes();
        } catch (IllegalArgumentException e) {
            throw Failure.usage("--rate: '" + text + "' is not a size, for example 100MiB");
        }
    }
}
