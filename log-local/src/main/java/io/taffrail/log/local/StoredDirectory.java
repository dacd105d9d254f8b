package io.taffrail.log.local;

import io.taffrail.log.Durability;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.disk.ReadOnlyDisk;
import io.taffrail.log.local.journal.JournalScan;
import io.taffrail.log.local.segment.OpenFiles;
import io.taffrail.log.local.segment.SegmentInfo;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * A data directory that no broker runs on, opened for reading alone. While it is open no broker can
 * start on it. For tools; one thread.
 */
public final class StoredDirectory implements AutoCloseable {

    /**
     * A segment.
     *
     * @param info
     *            as it will be when the journal has been replayed
     * @param forcedBytes
     *            so many must be in the file; what follows comes from the journal if need be
     */
    public record StoredSegment(SegmentInfo info, int forcedBytes) {}

    /**
     * A log.
     *
     * @param unjournaled
     *            was of durability {@code os} at some time: more may lie behind its end
     */
    public record LogSummary(LogId id, Durability durability, boolean unjournaled,
            long startOffset, long nextOffset, List<StoredSegment> segments) {

        /** Whether batches without a journal entry may follow a segment's known end. */
        public boolean isUnjournaledTail(StoredSegment segment) {
            return unjournaled && segment.equals(segments.getLast());
        }
    }

    /**
     * The checkpoint.
     *
     * @param group
     *            of the journal, up to which everything lies in segments
     * @param clean
     *            written by a clean stop
     */
    public record Checkpoint(long group, boolean clean, List<LogSummary> logs) {}

    private final Path path;
    private final Disk disk = ReadOnlyDisk.real();
    private final UUID id;
    private final StoredLogs storedLogs;
    private final FileChannel lock;

    private StoredDirectory(Path path, UUID id, FileChannel lock) {
        this.path = path;
        this.id = id;
        this.lock = lock;
        this.storedLogs = new StoredLogs(path.resolve("logs"), path.resolve("transient"),
                new OpenFiles(disk, 16), InstantSource.fixed(Instant.EPOCH));
    }

    /**
     * Opens a directory.
     *
     * @throws DataDirectoryLockedException
     *             if a broker runs on it
     * @throws LogFailedException
     *             if it is none of ours, or of a newer format
     */
    public static StoredDirectory open(Path path) {
        try {
            Path format = path.resolve("taffrail.format");
            if (!Disk.real().exists(format)) {
                throw new LogFailedException(
                        path + " is no Taffrail data directory: it has no " + format.getFileName());
            }
            FileChannel lock = FileChannel.open(path.resolve("lock"), StandardOpenOption.READ);
            try {
                if (lock.tryLock(0, Long.MAX_VALUE, true) == null) {
                    throw new DataDirectoryLockedException(path);
                }
                return new StoredDirectory(path,
                        DataDirectory.readFormat(ReadOnlyDisk.real(), format), lock);
            } catch (OverlappingFileLockException e) {
                lock.close();
                throw new DataDirectoryLockedException(path);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw DirectoryTrouble.of(path, e);
        }
    }

    public Path path() {
        return path;
    }

    public UUID id() {
        return id;
    }

    /** Major and minor version of the format. */
    public String format() {
        return DataDirectory.formatVersion();
    }

    /** The files, which cannot be changed through it. */
    public Disk disk() {
        return disk;
    }

    /** Where journal files lie. */
    public Path journal() {
        return path.resolve("journal");
    }

    /** Where a log's segments lie. */
    public Path folder(LogId log) {
        return storedLogs.logsFolder().resolve(log.value());
    }

    /**
     * Reads the checkpoint.
     *
     * @throws LogFailedException
     *             if it is missing, damaged or another directory's
     */
    public Checkpoint checkpoint() throws IOException {
        CheckpointFile.Content content = content();
        return new Checkpoint(content.group(), content.clean(),
                summaries(new DirectoryPlan(content.logs().values()).logs()));
    }

    /**
     * What the logs will be when the journal has been replayed over the checkpoint.
     *
     * @throws LogFailedException
     *             if they do not fit together
     */
    public List<LogSummary> recovered() throws IOException {
        CheckpointFile.Content content = content();
        DirectoryPlan plan = new DirectoryPlan(content.logs().values());
        JournalScan.read(disk, journal(), id, content.group(), plan);
        plan.finish();
        return summaries(plan.logs());
    }

    private CheckpointFile.Content content() throws IOException {
        CheckpointFile file = new CheckpointFile(disk, path, id);
        if (!file.exists()) {
            throw new LogFailedException(path.resolve("checkpoint") + " is missing");
        }
        return file.read(storedLogs);
    }

    private static List<LogSummary> summaries(Collection<LogPlan> plans) {
        return plans.stream().map(plan -> new LogSummary(plan.id(), plan.durability(),
                plan.isUnjournaled(), plan.startOffset(), plan.nextOffset(),
                plan.parts().stream()
                        .map(it -> new StoredSegment(it.info(), it.forcedBytes())).toList()))
                .toList();
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new LogFailedException("closing " + path + " failed: " + e, e);
        }
    }
}
