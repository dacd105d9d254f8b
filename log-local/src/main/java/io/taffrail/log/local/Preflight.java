package io.taffrail.log.local;

import io.taffrail.log.Durability;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.disk.DiskFile;
import io.taffrail.log.local.disk.ReadOnlyDisk;
import io.taffrail.log.local.journal.JournalScan;
import io.taffrail.log.local.segment.SegmentFile;
import io.taffrail.log.local.segment.SegmentInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.UUID;

/**
 * A check, made before recovery, that recovery can succeed. A directory that must be refused
 * is thus not changed. Reads the whole journal, and the first batch header of every segment
 * that must exist.
 */
final class Preflight {

    private final Path dataDir;
    private final Disk disk;

    Preflight(Path dataDir, Disk disk) {
        this.dataDir = dataDir;
        this.disk = ReadOnlyDisk.over(disk);
    }

    /**
     * Checks checkpoint, journal and segments. Changes no file.
     *
     * @return the scan of the journal
     * @throws LogFailedException
     *             if recovery is impossible; the message names the file and the remedy
     */
    JournalScan check(UUID directory, CheckpointFile.Content checkpoint) throws IOException {
        Path journal = dataDir.resolve("journal");
        boolean none = disk.list(journal).stream().noneMatch(it -> it.endsWith(".journal"));
        if (none && !checkpoint.clean()) {
            throw new LogFailedException(
                    journal + " has no journal file, but the last stop was not a clean one:"
                            + " restore the folder with the rest of the directory");
        }
        DirectoryPlan plan = new DirectoryPlan(checkpoint.logs().values());
        JournalScan scan = JournalScan.read(disk, journal, directory, checkpoint.group(), plan);
        plan.finish();
        segments(plan.logs());
        return scan;
    }

    private void segments(Collection<LogPlan> logs) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(BatchHeader.SIZE_BYTES);
        for (LogPlan log : logs) {
            if (log.durability() == Durability.MEMORY) {
                continue;
            }
            Path folder = dataDir.resolve("logs").resolve(log.id().value());
            for (LogPlan.Part part : log.parts()) {
                if (part.forcedBytes() > 0) {
                    segment(SegmentFile.log(folder, part.info()), part, header);
                }
            }
        }
    }

    private void segment(Path path, LogPlan.Part part, ByteBuffer header) throws IOException {
        try (DiskFile file = disk.open(path)) {
            long size = file.size();
            if (size < part.forcedBytes()) {
                throw new LogFailedException(
                        "segment %s is cut short: it has %d bytes, the checkpoint counts %d; %s"
                                .formatted(path, size, part.forcedBytes(), advice()));
            }
            header.clear();
            file.read(header, 0);
            begins(path, part.info(), header);
        } catch (NoSuchFileException e) {
            throw new LogFailedException(
                    "segment %s is missing: restore it from a backup; %s".formatted(path, advice()),
                    e);
        }
    }

    /** Fails if the file does not begin with the batch that was recorded for the segment. */
    private void begins(Path path, SegmentInfo info, ByteBuffer header) {
        String wrong = SegmentFile.wrongBeginning(info, header);
        if (!wrong.isEmpty()) {
            throw new LogFailedException(
                    "segment %s does not begin as recorded: %s; it may have been swapped with another: %s; %s"
                            .formatted(path, wrong, "put the right file there", advice()));
        }
    }

    private String advice() {
        return "'taffrail log check --data-dir " + dataDir + "' lists all that is wrong";
    }
}
