package io.taffrail.log.local;

import io.taffrail.log.Durability;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.journal.Journal;
import io.taffrail.log.local.segment.Segment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deletion of files that are no longer part of a log, once the journal has recorded their
 * removal. After a crash in between, the replay deletes them.
 */
final class SegmentRemoval {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentRemoval.class);

    private final Disk disk;
    private final Journal journal;
    private final Executor background;
    private final Runnable freed;

    /**
     * @param freed
     *            called on any thread when files have been deleted
     */
    SegmentRemoval(Disk disk, Journal journal, Executor background, Runnable freed) {
        this.disk = disk;
        this.journal = journal;
        this.background = background;
        this.freed = freed;
    }

    /** Records a trim; deletes the dropped segments once that record is durable. */
    void trimmed(StoredLog stored, List<Segment> dropped) {
        if (stored.durability() == Durability.MEMORY) {
            background.execute(() -> deleteSegments(dropped));
            return;
        }
        var _ = journal.trim(stored.idBytes(), stored.startOffset())
                .thenRun(() -> deleteSegments(dropped));
    }

    /** Records a compaction; deletes the replaced segments once that record is durable. */
    void replaced(StoredLog stored, long from, long to, List<Segment> fresh, List<Segment> old) {
        if (stored.durability() == Durability.MEMORY) {
            background.execute(() -> deleteSegments(old));
            return;
        }
        var _ = journal
                .replace(stored.idBytes(), stored.cleanedTo(), from, to,
                        fresh.stream().map(Segment::info).toList())
                .thenRun(() -> deleteSegments(old));
    }

    private void deleteSegments(List<Segment> dropped) {
        dropped.forEach(this::deleteSegment);
        Guard.run("ENG-004", "the use of freed space", freed);
    }

    /** Deletes a segment's files; if that fails, the next start deletes them. */
    private void deleteSegment(Segment segment) {
        Guard.run(() -> {
            try {
                segment.delete();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }, failure -> LOG.warn(
                "ENG-004 {} is no longer part of its log, but remains until a restart: {}",
                segment.path(), failure.toString()));
    }

    /** Deletes all files of a log whose deletion is recorded. */
    void deleteFiles(StoredLog stored) {
        for (Segment segment : stored.segments()) {
            deleteSegment(segment);
        }
        try {
            deleteFolder(disk, stored.folder());
        } catch (IOException e) {
            LOG.warn("ENG-003 {} was deleted, but files in {} remain until a restart: {}",
                    stored.id(), stored.folder(), e.toString());
        }
        Guard.run("ENG-004", "the use of freed space", freed);
    }

    /** Deletes a folder and the files in it. */
    static void deleteFolder(Disk disk, Path folder) throws IOException {
        for (String name : disk.list(folder)) {
            disk.delete(folder.resolve(name));
        }
        disk.delete(folder);
    }
}
