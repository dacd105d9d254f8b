package io.taffrail.broker.queue;

import io.taffrail.log.LogId;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The damaged ranges of a log, which readers skip. Messages in them are neither settled nor
 * delivered, so their space on disk is kept, and the next start tries to read them again. Not
 * stored. Owner thread only.
 */
public final class LostRanges {

    private static final Logger LOG = LoggerFactory.getLogger(LostRanges.class);

    private final LogId log;
    /** Start offset to end offset of each range; ranges do not touch. */
    private final TreeMap<Long, Long> ends = new TreeMap<>();

    /**
     * @param log
     *            names the log in log lines
     */
    public LostRanges(LogId log) {
        this.log = log;
    }

    /** Adds a damaged range, {@code from} inclusive to {@code to} exclusive. */
    void add(long from, long to, String detail) {
        if (endOf(from) >= to) {
            return;
        }
        LOG.error("QUE-004 messages {} to {} of {} cannot be read and are passed over; they stay"
                + " unsettled: {}", from, to - 1, log, detail);
        long first = from;
        long end = to;
        Map.Entry<Long, Long> before = ends.floorEntry(from);
        if (before != null && before.getValue() >= from) {
            first = before.getKey();
        }
        Map.Entry<Long, Long> last = ends.floorEntry(to);
        if (last != null && last.getKey() >= first) {
            end = Math.max(to, last.getValue());
        }
        ends.subMap(first, true, end, true).clear();
        ends.put(first, end);
    }

    public boolean isEmpty() {
        return ends.isEmpty();
    }

    /** Whether the message at this offset is in a damaged range. */
    public boolean contains(long offset) {
        return endOf(offset) > offset;
    }

    /**
     * First offset behind the range that contains {@code offset}; {@code offset} itself if none
     * does.
     */
    long endOf(long offset) {
        Map.Entry<Long, Long> range = ends.floorEntry(offset);
        return range == null ? offset : Math.max(offset, range.getValue());
    }

    /** First damaged offset at or above {@code offset}; {@link Long#MAX_VALUE} if there is none. */
    long nextFrom(long offset) {
        if (contains(offset)) {
            return offset;
        }
        Long next = ends.higherKey(offset);
        return next == null ? Long.MAX_VALUE : next;
    }
}
