package io.taffrail.log.local;

import io.taffrail.log.Durability;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.local.journal.JournalScan;
import io.taffrail.log.local.segment.SegmentInfo;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The expected state of all logs after recovery: a replay of the journal that touches no file. */
final class DirectoryPlan implements JournalScan.Replay {

    private final Map<LogId, LogPlan> logs = new LinkedHashMap<>();
    private final Set<LogId> deleted = new HashSet<>();

    DirectoryPlan(Collection<StoredLog> checkpointed) {
        checkpointed.forEach(it -> logs.put(it.id(), LogPlan.of(it)));
    }

    Collection<LogPlan> logs() {
        return logs.values();
    }

    /** Completes the plan. Called after the replay. */
    void finish() {
        logs.values().forEach(LogPlan::dropTrimmed);
    }

    @Override
    public void append(String id, long segmentBase, int position, ByteBuffer batch) {
        LogId logId = new LogId(id);
        LogPlan log = logs.get(logId);
        if (log != null) {
            log.append(segmentBase, position, batch);
        } else if (!deleted.contains(logId)) {
            throw new LogFailedException("the journal has records of log " + id
                    + ", which neither it nor the checkpoint names");
        }
    }

    @Override
    public void open(String id, Durability durability) {
        LogId logId = new LogId(id);
        LogPlan log = logs.computeIfAbsent(logId, key -> new LogPlan(key, durability));
        log.durability(durability);
    }

    @Override
    public void trim(String id, long startOffset) {
        LogPlan log = logs.get(new LogId(id));
        if (log != null) {
            log.trimTo(startOffset);
        }
    }

    @Override
    public void delete(String id) {
        LogId logId = new LogId(id);
        deleted.add(logId);
        logs.remove(logId);
    }

    @Override
    public void replace(String id, long cleanedTo, long from, long to, List<SegmentInfo> infos) {
        LogPlan log = logs.get(new LogId(id));
        if (log != null) {
            log.replace(from, to, infos);
        }
    }
}
