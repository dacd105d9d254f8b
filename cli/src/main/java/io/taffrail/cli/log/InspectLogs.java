package io.taffrail.cli.log;

import io.taffrail.cli.terminal.Output;
import io.taffrail.cli.terminal.Table;
import io.taffrail.log.LogId;
import io.taffrail.log.local.StoredDirectory;
import io.taffrail.log.local.StoredDirectory.Checkpoint;
import io.taffrail.log.local.StoredDirectory.LogSummary;
import io.taffrail.log.local.StoredDirectory.StoredSegment;
import io.taffrail.log.local.inspect.JournalSummary;
import io.taffrail.log.local.segment.SegmentFile;
import io.taffrail.log.local.segment.SegmentInfo;
import io.taffrail.net.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "inspect", aliases = {"list", "describe"}, description = {
    "Shows what is in the data directory of a stopped broker: format, checkpoint, journal and logs.",
    "Logs are shown as they will be once the journal has been replayed. Nothing is changed."})
final class InspectLogs implements Callable<Integer> {

    @Mixin
    private DataDirOptions directory = new DataDirOptions();

    @Parameters(paramLabel = "LOG", arity = "0..*", description = "Show the segments of these logs: "
            + LogNames.FORMS + ".")
    private List<String> names = List.of();

    @Override
    public Integer call() throws IOException {
        Output out = Output.standard();
        try (StoredDirectory stored = directory.open()) {
            Checkpoint checkpoint = stored.checkpoint();
            List<LogSummary> logs = stored.recovered();
            Set<LogId> wanted = LogNames.find(names, logs.stream().map(LogSummary::id).toList());
            List<JournalSummary> journal = JournalSummary.all(stored);
            if (directory.json()) {
                json(out, stored, checkpoint, journal);
                logs.stream().filter(it -> wanted.isEmpty() || wanted.contains(it.id()))
                        .forEach(it -> out.line(Json.write(object(stored, it))));
            } else {
                head(out, stored, checkpoint);
                journal(out, journal);
                if (wanted.isEmpty()) {
                    logs(out, logs);
                } else {
                    logs.stream().filter(it -> wanted.contains(it.id()))
                            .forEach(it -> segments(out, stored, it));
                }
            }
        }
        out.flush();
        return 0;
    }

    private static void head(Output out, StoredDirectory stored, Checkpoint checkpoint) {
        out.line("directory   " + stored.path());
        out.line("format      " + stored.format());
        out.line("id          " + stored.id());
        out.line("checkpoint  group " + checkpoint.group() + ", " + checkpoint.logs().size()
                + " logs, " + (checkpoint.clean()
                        ? "of a clean stop or start"
                        : "of a running broker; the journal is needed"));
    }

    private static void journal(Output out, List<JournalSummary> files) {
        out.line("");
        Table table = new Table("JOURNAL FILE", "NUMBER", "GROUPS", "ENTRIES", "END", "SIZE", "");
        files.forEach(it -> table.row(it.file().getFileName(), it.number(), it.groups(),
                it.entries(), it.end(), it.sizeBytes(), it.remark()));
        if (files.isEmpty()) {
            out.line("no journal");
        } else {
            table.print(out);
        }
    }

    private static void logs(Output out, List<LogSummary> logs) {
        out.line("");
        Table table = new Table("LOG", "START", "END", "SEGMENTS", "BYTES", "DURABILITY");
        for (LogSummary log : logs) {
            table.row(log.id(), log.startOffset(), log.nextOffset(), log.segments().size(),
                    bytes(log), log.durability().name().toLowerCase(Locale.ROOT));
        }
        table.print(out);
    }

    private static void segments(Output out, StoredDirectory stored, LogSummary log) {
        out.line("");
        out.line("%s  offsets %d to %d, %s, %s".formatted(log.id(), log.startOffset(),
                log.nextOffset(), log.durability().name().toLowerCase(Locale.ROOT),
                stored.folder(log.id())));
        Table table = new Table("SEGMENT", "SIZE", "FORCED", "FIRST TIME", "LAST TIME");
        for (StoredSegment segment : log.segments()) {
            SegmentInfo info = segment.info();
            table.row(SegmentFile.log(stored.folder(log.id()), info).getFileName(),
                    info.sizeBytes(), segment.forcedBytes(), time(info.firstTimestampMs()),
                    time(info.maxTimestampMs()));
        }
        table.print(out);
    }

    private static void json(Output out, StoredDirectory stored, Checkpoint checkpoint,
            List<JournalSummary> journal) {
        Map<String, Object> head = new LinkedHashMap<>();
        head.put("directory", stored.path());
        head.put("format", stored.format());
        head.put("id", stored.id());
        head.put("checkpoint_group", checkpoint.group());
        head.put("clean", checkpoint.clean());
        out.line(Json.write(head));
        for (JournalSummary file : journal) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("journal", file.file());
            object.put("number", file.number());
            object.put("first_group", file.firstGroup());
            object.put("last_group", file.lastGroup());
            object.put("entries", file.entries());
            object.put("end", file.end());
            object.put("size", file.sizeBytes());
            out.line(Json.write(object));
        }
    }

    private static Map<String, Object> object(StoredDirectory stored, LogSummary log) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("log", log.id());
        object.put("durability", log.durability().name().toLowerCase(Locale.ROOT));
        object.put("start", log.startOffset());
        object.put("end", log.nextOffset());
        object.put("bytes", bytes(log));
        object.put("segments", log.segments().stream().map(segment -> {
            Map<String, Object> part = new LinkedHashMap<>();
            part.put("file", SegmentFile.log(stored.folder(log.id()), segment.info()));
            part.put("base", segment.info().baseOffset());
            part.put("size", segment.info().sizeBytes());
            part.put("forced", segment.forcedBytes());
            part.put("first_timestamp", segment.info().firstTimestampMs());
            part.put("max_timestamp", segment.info().maxTimestampMs());
            return part;
        }).toList());
        return object;
    }

    private static long bytes(LogSummary log) {
        return log.segments().stream().mapToLong(it -> it.info().sizeBytes()).sum();
    }

    private static String time(long ms) {
        return ms < 0 ? "-" : Instant.ofEpochMilli(ms).toString();
    }
}
