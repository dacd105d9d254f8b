package io.taffrail.log.local;

import io.taffrail.log.Durability;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.disk.ReadOnlyDisk;
import io.taffrail.log.local.journal.JournalScan;
import io.taffrail.log.local.segment.OpenFiles;
import io.taffrail.log.local.segment.SegmentInfo;
import io.taffrail.log.state.ProducerSpace;
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
 * A data directory opened read-only while no broker uses it. A broker cannot start on it as long as
 * it is open. For command-line tools; not thread-safe.
 */
public final class StoredDirectory implements AutoCloseable {

    /**
     * A segment of a log.
     *
     * @param info
     *            the segment as it will be after the journal is replayed
     * @param forcedBytes
     *            number of bytes that must be in the file; later bytes may still have to come
     *            from the journal
     */
    public record StoredSegment(SegmentInfo info, int forcedBytes) {}

    /**
     * A log of the directory.
     *
     * @param unjournaled
     *            true if the log had durability {@code os} at some time: more batches may
     *            follow its known end
     */
    public record LogSummary(LogId id, Durability durability, boolean unjournaled,
            long startOffset, long nextOffset, List<StoredSegment> segments) {

        /** True if batches without a journal entry may follow the segment's known end. */
        public boolean isUnjournaledTail(StoredSegment segment) {
            return unjournaled && segment.equals(segments.getLast());
        }
    }

    /**
     * The checkpoint file.
     *
     * @param group
     *            journal group up to which every record is in a segment
     * @param clean
     *            true if a clean stop wrote the checkpoint
     */
    public record Checkpoint(long group, boolean clean, List<LogSummary> logs) {}

    private final Path path;
    private final Disk disk = ReadOnlyDisk.real();
    private final DataDirectory.Format format;
    private final StoredLogs storedLogs;
    private final FileChannel lock;

    private StoredDirectory(Path path, DataDirectory.Format format, FileChannel lock) {
        this.path = path;
        this.format = format;
        this.lock = lock;
        this.storedLogs = new StoredLogs(path.resolve("logs"), path.resolve("transient"),
                new OpenFiles(disk, 16), InstantSource.fixed(Instant.EPOCH),
                ProducerSpace.unlimited());
    }

    /**
     * Opens a directory.
     *
     * @throws DataDirectoryLockedException
     *             if a broker uses the directory
     * @throws LogFailedException
     *             if it is not a Taffrail data directory, or is of a newer format
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
        return format.id();
    }

    /** Major and minor version of the directory's format. */
    public String format() {
        return format.version();
    }

    /** A read-only view of the disk. */
    public Disk disk() {
        return disk;
    }

    /** The folder of the journal files. */
    public Path journal() {
        return path.resolve("journal");
    }

    /** The folder of a log's segments. */
    public Path folder(LogId log) {
        return storedLogs.logsFolder().resolve(log.value());
    }

    /**
     * Reads the checkpoint.
     *
     * @throws LogFailedException
     *             if it is missing, damaged or of another directory
     */
    public Checkpoint checkpoint() throws IOException {
        CheckpointFile.Content content = content();
        return new Checkpoint(content.group(), content.clean(),
                summaries(new DirectoryPlan(content.logs().values()).logs()));
    }

    /**
     * Returns the logs as they will be after the journal is replayed over the checkpoint.
     * Changes no file.
     *
     * @throws LogFailedException
     *             if journal and checkpoint do not fit together
     */
    public List<LogSummary> recovered() throws IOException {
        CheckpointFile.Content content = content();
        DirectoryPlan plan = new DirectoryPlan(content.logs().values());
        JournalScan.read(disk, journal(), id(), content.group(), plan);
        plan.finish();
        return summaries(plan.logs());
    }

    private CheckpointFile.Content content() throws IOException {
        CheckpointFile file = new CheckpointFile(disk, path, id());
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
