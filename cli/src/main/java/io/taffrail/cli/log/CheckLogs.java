package io.taffrail.cli.log;

import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.Output;
import io.taffrail.log.LogId;
import io.taffrail.log.local.StoredDirectory;
import io.taffrail.log.local.StoredDirectory.LogSummary;
import io.taffrail.log.local.inspect.DirectoryCheck;
import io.taffrail.log.local.inspect.DirectoryCheck.Summary;
import io.taffrail.log.local.inspect.Finding;
import io.taffrail.log.local.inspect.Finding.Severity;
import io.taffrail.net.json.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "check", description = {
    "Checks everything in the data directory of a stopped broker: every checksum of journal and"
            + " segments, offsets and timestamps against the checkpoint, every entry of the indexes.",
    "Each finding names file and byte position: 'damage' means that records are lost or that a start"
            + " would be refused, 'repairable' that the broker makes it again by itself. Nothing is"
            + " changed."}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                "0:nothing is wrong", "1:something is wrong", "2:wrong usage",
                "6:a broker runs on the directory"})
final class CheckLogs implements Callable<Integer> {

    @Mixin
    private DataDirOptions directory = new DataDirOptions();

    @Parameters(paramLabel = "LOG", arity = "0..*", description = "Check the segments of these logs only: "
            + LogNames.FORMS + ".")
    private List<String> names = List.of();

    @Option(names = {"-v",
        "--verbose"}, description = "Show too what is worth knowing and not wrong.")
    private boolean verbose;

    @Override
    public Integer call() throws IOException {
        Output out = Output.standard();
        Summary summary;
        try (StoredDirectory stored = directory.open()) {
            Set<LogId> wanted = names.isEmpty()
                    ? Set.of()
                    : LogNames.find(names,
                            stored.checkpoint().logs().stream().map(LogSummary::id).toList());
            summary = new DirectoryCheck(stored, wanted, it -> print(out, it)).run();
        }
        out.line(directory.json()
                ? Json.write(object(summary))
                : "%d logs, %d segments, %d batches, %d bytes read: %s".formatted(summary.logs(),
                        summary.segments(), summary.batches(), summary.bytes(), summary.isSound()
                                ? "nothing is wrong"
                                : summary.damages() + " damaged, " + summary.repairables()
                                        + " repairable"));
        out.flush();
        return summary.isSound() ? ExitCode.OK : ExitCode.FAILURE;
    }

    private void print(Output out, Finding finding) {
        if (finding.severity() == Severity.NOTE && !verbose) {
            return;
        }
        String severity = finding.severity().name().toLowerCase(Locale.ROOT);
        if (directory.json()) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("severity", severity);
            object.put("file", finding.file());
            object.put("position", finding.position());
            object.put("text", finding.text());
            out.line(Json.write(object));
        } else {
            out.line(severity + "  " + finding);
        }
        out.flush();
    }

    private static Map<String, Object> object(Summary summary) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("sound", summary.isSound());
        object.put("logs", summary.logs());
        object.put("segments", summary.segments());
        object.put("batches", summary.batches());
        object.put("bytes", summary.bytes());
        object.put("damages", summary.damages());
        object.put("repairables", summary.repairables());
        return object;
    }
}
