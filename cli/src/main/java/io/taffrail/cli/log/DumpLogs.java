package io.taffrail.cli.log;

import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.Failure;
import io.taffrail.cli.terminal.Output;
import io.taffrail.log.LogId;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.local.StoredDirectory;
import io.taffrail.log.local.StoredDirectory.LogSummary;
import io.taffrail.log.local.StoredDirectory.StoredSegment;
import io.taffrail.log.local.inspect.StoredBatches;
import io.taffrail.log.local.segment.SegmentFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "dump", description = {
    "Prints the batches or records of logs, of single segments, or the entries of the journal, of a"
            + " stopped broker, each with its byte position. Checksums are verified; where no batch"
            + " begins the dump ends with exit code 1. Nothing is changed.",
    "", "  taffrail log dump orders-0 --from 1200 -n 5 --records",
    "  taffrail log dump taffrail-data/logs/…/00000000000000000000.log --position 8192",
    "  taffrail log dump --journal --json"})
final class DumpLogs implements Callable<Integer> {

    @Mixin
    private DataDirOptions directory = new DataDirOptions();

    @Parameters(paramLabel = "LOG|FILE", arity = "0..*", description = "What to print: a segment's file, or "
            + LogNames.FORMS + ".")
    private List<String> names = List.of();

    @Option(names = "--journal", description = "Print the journal's entries.")
    private boolean journal;

    @Option(names = "--from", paramLabel = "OFFSET", description = "Begin with the batch that holds this offset; of the journal, with this group.")
    private long from;

    @Option(names = "--position", paramLabel = "BYTES", description = "Begin at this byte of each file, where a batch has to begin.")
    private long position;

    @Option(names = {"-n",
        "--count"}, paramLabel = "COUNT", description = "End after so many batches, or entries of the journal.")
    private Optional<Long> count = Optional.empty();

    @Option(names = {"-r", "--records"}, description = "Print the records of each batch.")
    private boolean records;

    private long left;

    @Override
    public Integer call() throws IOException {
        if (journal != names.isEmpty()) {
            throw Failure.usage("name a LOG or FILE, or give --journal");
        }
        left = count.orElse(Long.MAX_VALUE);
        Output out = Output.standard();
        boolean sound = true;
        try (StoredDirectory stored = directory.open()) {
            if (journal) {
                new JournalDump(out, directory.json()).print(stored, from, left);
            }
            for (String name : names) {
                boolean isFile = name.endsWith(".log") && Files.exists(Path.of(name));
                sound &= isFile
                        ? segment(out, stored, Path.of(name))
                        : logs(out, stored, name);
            }
        }
        out.flush();
        return sound ? ExitCode.OK : ExitCode.FAILURE;
    }

    private boolean logs(Output out, StoredDirectory stored, String name) throws IOException {
        List<LogSummary> all = stored.recovered();
        var wanted = LogNames.find(List.of(name), all.stream().map(LogSummary::id).toList());
        boolean sound = true;
        for (LogSummary log : all) {
            if (wanted.contains(log.id())) {
                sound &= log(out, stored, log.id(), log.segments());
            }
        }
        return sound;
    }

    private boolean log(Output out, StoredDirectory stored, LogId id, List<StoredSegment> segments)
            throws IOException {
        boolean sound = true;
        for (int i = 0; i < segments.size() && left > 0; i++) {
            boolean below = i + 1 < segments.size()
                    && segments.get(i + 1).info().baseOffset() <= from;
            Path file = SegmentFile.log(stored.folder(id), segments.get(i).info());
            if (!below && stored.disk().exists(file)) {
                sound &= segment(out, stored, file);
            }
        }
        return sound;
    }

    private boolean segment(Output out, StoredDirectory stored, Path file) throws IOException {
        BatchDump dump = new BatchDump(out, file, directory.json(), records);
        boolean[] sound = {true};
        StoredBatches.End end = StoredBatches.read(stored.disk(), file, position,
                (at, batch, right) -> {
                    if (BatchHeader.lastOffset(batch, 0) >= from) {
                        dump.print(at, batch, right);
                        left--;
                    }
                    sound[0] &= right;
                    return left > 0;
                });
        if (!end.whole()) {
            out.flush();
            System.err.println("taffrail: " + file + " at " + end.position()
                    + ": no whole batch begins here");
        }
        return sound[0] && end.whole();
    }
}
