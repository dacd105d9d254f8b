package io.taffrail.log.local;

import io.taffrail.log.Durability;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.local.journal.JournalScan;
import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.local.segment.SegmentInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recovery of the logs of a checkpoint: replays the journal over them, then scans logs that are
 * not journaled for intact batches. Writes only batches that the journal contains or that a scan
 * found intact. Deletes only files that the journal records as removed, and segments behind the end
 * of a log that lost records.
 */
final class Recovery implements JournalScan.Replay {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final StoredLogs storedLogs;
    private final Map<LogId, StoredLog> logs;
    private final Set<LogId> deleted = new HashSet<>();
    private final Set<LogId> trimmed = new LinkedHashSet<>();
    private final Set<StoredLog> compacted = new LinkedHashSet<>();
    private long batches;

    Recovery(StoredLogs storedLogs, Map<LogId, StoredLog> logs) {
        this.storedLogs = storedLogs;
        this.logs = logs;
    }

    @Override
    public void append(String id, long segmentBase, int position, ByteBuffer batch)
            throws IOException {
        LogId logId = new LogId(id);
        StoredLog log = logs.get(logId);
        if (log == null) {
            if (deleted.contains(logId)) {
                return;
            }
            throw new LogFailedException("the journal has records of log " + id
                    + ", which neither it nor the checkpoint names");
        }
        log.replay(segmentBase, position, batch);
        batches++;
    }

    @Override
    public void open(String id, Durability durability) throws IOException {
        LogId logId = new LogId(id);
        StoredLog log = logs.computeIfAbsent(logId, key -> storedLogs.create(key, durability));
        if (log.durability() == Durability.OS && durability == Durability.FSYNC) {
            log.scanTail();
        }
        log.durability(durability);
    }

    @Override
    public void trim(String id, long startOffset) throws IOException {
        StoredLog log = logs.get(new LogId(id));
        if (log != null && startOffset > log.startOffset()) {
            if (startOffset > log.nextOffset()) {
                log.scanTail();
            }
            for (Segment segment : log.trimTo(startOffset)) {
                segment.delete();
            }
            log.settleEnd();
            trimmed.add(log.id());
        }
    }

    /**
     * Deletes segments below the start again. Called after the replay: a segment that had
     * been deleted may be back, with holes, because its folder was not forced. The log needs
     * none of its records.
     */
    void dropTrimmed() throws IOException {
        for (LogId id : trimmed) {
            StoredLog log = logs.get(id);
            if (log == null) {
                continue;
            }
            for (Segment segment : log.trimTo(log.startOffset())) {
                segment.delete();
            }
            for (Segment segment : log.dropIfEmpty()) {
                segment.delete();
            }
        }
    }

    @Override
    public void delete(String id) throws IOException {
        LogId logId = new LogId(id);
        deleted.add(logId);
        StoredLog log = logs.remove(logId);
        deleteFolder(log != null ? log.folder() : storedLogs.logsFolder().resolve(id));
    }

    @Override
    public void replace(String id, long cleanedTo, long from, long to, List<SegmentInfo> infos)
            throws IOException {
        StoredLog log = logs.get(new LogId(id));
        if (log != null) {
            List<Segment> fresh = infos.stream()
                    .map(it -> Segment.restore(log.folder(), it, storedLogs.files())).toList();
            if (to > log.nextOffset()) {
                // Durability os: the batches before the compacted segments may still be on disk.
                log.scanTail();
            }
            List<Segment> old = log.replace(from, to, fresh, cleanedTo);
            log.continueAt(to);
            for (Segment segment : old) {
                segment.delete();
            }
            compacted.add(log);
        }
    }

    /**
     * Completes the states and indexes of compacted logs. Called after the replay.
     */
    void settleCompacted() throws IOException {
        compacted.removeIf(it -> !logs.containsKey(it.id()));
        for (StoredLog log : compacted) {
            log.fillGap();
            AbortedReader.makeUnknown(log.id(), log.segments());
        }
    }

    private void deleteFolder(Path folder) throws IOException {
        for (String name : storedLogs.files().disk().list(folder)) {
            storedLogs.files().disk().delete(folder.resolve(name));
        }
        storedLogs.files().disk().delete(folder);
    }

    /**
     * Scans for batches that were acknowledged without a journal entry. Called after the replay.
     */
    void scanUnjournaled() throws IOException {
        for (StoredLog log : logs.values()) {
            if (log.durability() == Durability.OS) {
                log.scanTail();
                log.dropBehindEnd();
            } else if (log.hasDropped()) {
                LOG.warn("ENG-014 {} ends at offset {}: records acknowledged with durability os"
                        + " were lost", log.id(), log.nextOffset());
                log.dropBehindEnd();
            }
        }
    }

    /** True if journaled records were discarded because records before them were lost. */
    boolean hasDropped() {
        return logs.values().stream().anyMatch(StoredLog::hasDropped);
    }

    /**
     * Fails if a log still has a segment with an unsound file. Such a file is expected only if a
     * later journal entry replaces or drops the segment.
     */
    void requireSegments() {
        for (StoredLog log : logs.values()) {
            for (Segment segment : log.segments()) {
                if (!segment.lost().isEmpty()) {
                    throw new LogFailedException(segment.lost());
                }
            }
        }
    }

    void report() {
        logs.values().forEach(StoredLog::finishReplay);
        if (batches > 0) {
            LOG.info("ENG-002 recovered {} batches from the journal", batches);
        }
    }
}
