package io.taffrail.log.local;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.journal.JournalScan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The start of the engine: recovers the logs of a data directory before the first append. */
final class EngineStart {

    private final DataDirectory directory;
    private final Disk disk;
    private final StoredLogs storedLogs;
    private boolean dropped;

    EngineStart(DataDirectory directory, Disk disk, StoredLogs storedLogs) {
        this.directory = directory;
        this.disk = disk;
        this.storedLogs = storedLogs;
    }

    /** Fills {@code logs} from checkpoint and journal; returns the scan of the journal. */
    JournalScan recover(CheckpointFile checkpoint, Map<LogId, StoredLog> logs) throws IOException {
        if (!checkpoint.exists()) {
            begin(checkpoint);
        }
        CheckpointFile.Content content = checkpoint.read(storedLogs);
        // The journal must be on disk before anything is changed or deleted because of it.
        new Preflight(directory.path(), disk).check(directory.id(), content).forceLast(disk);
        directory.upgrade(disk);
        // The names of both directories must be durable before anything in them is acknowledged.
        disk.createDirectories(storedLogs.logsFolder());
        disk.createDirectories(directory.path().resolve("journal"));
        disk.forceDirectory(directory.path());
        dropTransient();
        logs.putAll(content.logs());
        Recovery recovery = new Recovery(storedLogs, logs);
        JournalScan scan = JournalScan.read(disk, directory.path().resolve("journal"),
                directory.id(), content.group(), recovery);
        if (!content.clean() || !scan.isEmpty()) {
            recovery.scanUnjournaled();
        }
        recovery.dropTrimmed();
        recovery.requireSegments();
        recovery.settleCompacted();
        recovery.report();
        dropped = recovery.hasDropped();
        new Sweep(disk, directory.path(), storedLogs.logsFolder()).run(logs);
        return scan;
    }

    /**
     * True if journaled records were discarded because records before them were lost.
     * The journal still contains them, so a checkpoint must be made before another append can
     * take their offsets.
     */
    boolean hasDropped() {
        return dropped;
    }

    private void dropTransient() throws IOException {
        Path folder = storedLogs.transientFolder();
        for (String log : disk.list(folder)) {
            SegmentRemoval.deleteFolder(disk, folder.resolve(log));
        }
    }

    private void begin(CheckpointFile checkpoint) throws IOException {
        boolean begun = disk.list(directory.path().resolve("journal")).stream()
                .anyMatch(it -> it.endsWith(".journal"))
                || !disk.list(storedLogs.logsFolder()).isEmpty();
        if (begun && !directory.isFresh()) {
            throw new LogFailedException(directory.path().resolve("checkpoint")
                    + " is missing, but there are logs; restore it");
        }
        checkpoint.write(0, true, List.of());
    }
}
