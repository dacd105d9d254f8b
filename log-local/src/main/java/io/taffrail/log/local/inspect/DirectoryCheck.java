package io.taffrail.log.local.inspect;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.local.StoredDirectory;
import io.taffrail.log.local.StoredDirectory.Checkpoint;
import io.taffrail.log.local.StoredDirectory.LogSummary;
import io.taffrail.log.local.StoredDirectory.StoredSegment;
import io.taffrail.log.local.disk.DiskFile;
import io.taffrail.log.local.segment.AbortedIndex;
import io.taffrail.log.local.segment.SegmentFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A check of a stopped data directory: checkpoint, journal, and every batch and index entry of the
 * logs, each by itself and against the others. Changes nothing.
 */
public final class DirectoryCheck {

    /** Numbers of checked items and findings. */
    public record Summary(long logs, long segments, long batches, long bytes, long damages,
            long repairables) {

        /** True if there is neither damage nor anything to repair. */
        public boolean isSound() {
            return damages == 0 && repairables == 0;
        }
    }

    private final StoredDirectory directory;
    private final Set<LogId> wanted;
    private final Consumer<Finding> findings;
    private long logs;
    private long segments;
    private long batches;
    private long bytes;
    private long damages;
    private long repairables;

    /**
     * @param wanted
     *            logs to check; all if empty
     * @param findings
     *            receives each finding as it is made
     */
    public DirectoryCheck(StoredDirectory directory, Set<LogId> wanted,
            Consumer<Finding> findings) {
        this.directory = directory;
        this.wanted = Set.copyOf(wanted);
        this.findings = findings;
    }

    /** Runs the check on the calling thread. */
    public Summary run() throws IOException {
        for (LogSummary log : plan()) {
            if (wanted.isEmpty() || wanted.contains(log.id())) {
                try {
                    log(log);
                } catch (IOException | UncheckedIOException e) {
                    found(Finding.damage(directory.folder(log.id()), -1, "cannot be read: " + e));
                }
            }
        }
        return new Summary(logs, segments, batches, bytes, damages, repairables);
    }

    private void found(Finding finding) {
        switch (finding.severity()) {
            case DAMAGE -> damages++;
            case REPAIRABLE -> repairables++;
            case NOTE -> {
            }
        }
        findings.accept(finding);
    }

    /**
     * Returns the expected logs: recovered with the journal, or as of the checkpoint if the
     * journal is damaged.
     */
    private List<LogSummary> plan() throws IOException {
        Checkpoint checkpoint;
        try {
            checkpoint = directory.checkpoint();
        } catch (LogFailedException e) {
            found(JournalCheck.of(directory.path().resolve("checkpoint"), e));
            return List.of();
        }
        List<LogSummary> plan = checkpoint.logs();
        JournalCheck journal = new JournalCheck(directory, this::found);
        if (journal.run(checkpoint.group(), checkpoint.clean())) {
            try {
                plan = directory.recovered();
            } catch (LogFailedException e) {
                found(JournalCheck.of(directory.journal(), e));
            }
        }
        strangers(plan);
        return plan;
    }

    private void strangers(List<LogSummary> plan) throws IOException {
        Set<String> known = plan.stream().map(it -> it.id().value()).collect(Collectors.toSet());
        Path folder = directory.path().resolve("logs");
        for (String name : directory.disk().list(folder)) {
            if (!known.contains(name)) {
                found(Finding.note(folder.resolve(name), -1,
                        "belongs to no log; a deletion may have left it"));
            }
        }
        for (LogId id : wanted) {
            if (!known.contains(id.value())) {
                found(Finding.damage(folder.resolve(id.value()), -1, "there is no such log"));
            }
        }
    }

    /** Checks the index of aborted transactions, up to the entries that the checkpoint counts. */
    private void aborted(Path path, StoredSegment part, long end) throws IOException {
        int count = part.info().aborted();
        if (count <= 0) {
            return;
        }
        String wrong = "";
        if (!directory.disk().exists(path)) {
            wrong = "the index of aborted transactions is missing";
        } else {
            try (DiskFile file = directory.disk().open(path)) {
                AbortedIndex.verify(file, path, count, part.info().baseOffset(),
                        part.info().sizeBytes() == part.forcedBytes() ? end : Long.MAX_VALUE);
            } catch (IOException e) {
                wrong = String.valueOf(e.getMessage());
            }
        }
        if (!wrong.isEmpty()) {
            found(Finding.repairable(path, -1, wrong
                    + "; it is made again when it is used"));
        }
    }

    private void log(LogSummary log) throws IOException {
        logs++;
        List<StoredSegment> parts = log.segments();
        Path folder = directory.folder(log.id());
        Set<String> known = new HashSet<>();
        for (int i = 0; i < parts.size(); i++) {
            StoredSegment part = parts.get(i);
            known.add(SegmentFile.log(folder, part.info()).getFileName().toString());
            known.add(SegmentFile.index(folder, part.info()).getFileName().toString());
            known.add(SegmentFile.aborted(folder, part.info()).getFileName().toString());
            if (part.info().sizeBytes() == 0) {
                continue;
            }
            long end = i + 1 < parts.size()
                    ? parts.get(i + 1).info().baseOffset()
                    : log.nextOffset();
            SegmentCheck check = new SegmentCheck(directory, log, part, this::found);
            try {
                check.run(end);
                aborted(SegmentFile.aborted(folder, part.info()), part, end);
            } catch (IOException | UncheckedIOException e) {
                found(Finding.damage(SegmentFile.log(folder, part.info()), -1,
                        "cannot be read: " + e));
            }
            segments++;
            batches += check.batches();
            bytes += check.bytes();
        }
        for (String name : directory.disk().list(folder)) {
            if (!known.contains(name)) {
                found(Finding.note(folder.resolve(name), -1, log.unjournaled()
                        ? "no segment that is recorded; the next start takes in what is whole"
                        : "no segment of its log; a stop in the middle of something left it"));
            }
        }
    }
}
