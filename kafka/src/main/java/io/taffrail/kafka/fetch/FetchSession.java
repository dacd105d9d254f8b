package io.taffrail.kafka.fetch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that one client fetches, kept between its requests so that requests and responses
 * contain only changes (KIP-227). Safe for any thread.
 */
final class FetchSession {

    /** Most partitions of a session; a client with more fetches without one. */
    static final int MAX_PARTITIONS = 20_000;

    /** A partition and the state of it that the client knows. */
    private static final class Cached {
        FetchTarget target;
        long highWatermark;
        long startOffset;

        Cached(FetchTarget target) {
            this.target = target;
        }

        boolean tell(PartitionData data) {
            boolean news = data.records().sizeInBytes() > 0
                    || data.highWatermark() != highWatermark
                    || data.logStartOffset() != startOffset
                    || data.divergingEpoch().epoch() >= 0
                    || data.errorCode() != Errors.NONE.code();
            boolean failed = data.errorCode() != Errors.NONE.code();
            highWatermark = failed ? -1 : data.highWatermark();
            startOffset = data.logStartOffset();
            return news;
        }
    }

    private final int id;
    private final boolean byTopicId;
    private final Map<FetchTarget.Key, Cached> partitions = new LinkedHashMap<>();
    private int epoch;
    /** The latest fetch that waits for records; null after {@link #end}. */
    private @Nullable PendingFetch waiting;
    private boolean ended;
    private volatile long lastUsedMs;

    FetchSession(int id, boolean byTopicId, Collection<FetchTarget> targets, long nowMs) {
        this.id = id;
        this.byTopicId = byTopicId;
        this.epoch = FetchMetadata.nextEpoch(FetchMetadata.INITIAL_EPOCH);
        this.lastUsedMs = nowMs;
        for (FetchTarget target : targets) {
            partitions.put(target.key(), new Cached(target));
        }
    }

    int id() {
        return id;
    }

    boolean byTopicId() {
        return byTopicId;
    }

    /** Number of partitions in the session. */
    synchronized int size() {
        return partitions.size();
    }

    long lastUsedMs() {
        return lastUsedMs;
    }

    /**
     * Applies a request's changes; returns false if its epoch is not the expected one or too many
     * partitions result.
     */
    synchronized boolean update(int requestEpoch, List<FetchTarget> changed,
            List<FetchTarget.Key> forgotten,
            long nowMs) {
        if (requestEpoch != epoch || partitions.size() + changed.size() > MAX_PARTITIONS) {
            return false;
        }
        epoch = FetchMetadata.nextEpoch(epoch);
        lastUsedMs = nowMs;
        forgotten.forEach(partitions::remove);
        for (FetchTarget target : changed) {
            Cached known = partitions.get(target.key());
            if (known == null) {
                partitions.put(target.key(), new Cached(target));
            } else {
                known.target = target;
            }
        }
        return true;
    }

    /**
     * Notes that a fetch of the session waits for records, and ends the one that waited before:
     * a small request makes each of them hold all partitions of the session.
     */
    void waits(PendingFetch fetch) {
        PendingFetch over;
        synchronized (this) {
            over = ended ? fetch : waiting;
            waiting = ended ? null : fetch;
        }
        if (over != null) {
            over.end();
        }
    }

    /** Notes that a fetch has its result. */
    synchronized void waitsNoMore(PendingFetch fetch) {
        if (fetch.equals(waiting)) {
            waiting = null;
        }
    }

    /** Ends the fetch that waits, as the session has been removed. */
    void end() {
        PendingFetch over;
        synchronized (this) {
            ended = true;
            over = waiting;
            waiting = null;
        }
        if (over != null) {
            over.end();
        }
    }

    /** The partitions to read, in order. */
    synchronized List<FetchTarget> targets() {
        List<FetchTarget> targets = new ArrayList<>(partitions.size());
        for (Cached cached : partitions.values()) {
            targets.add(cached.target);
        }
        return targets;
    }

    /** Stores the state that the session's first, full response reports. */
    synchronized void toldAll(List<Fetched> all) {
        all.forEach(fetched -> note(fetched));
    }

    /**
     * The results that the client has to receive. Partitions with records move to the end of the
     * order, so that no partition starves.
     */
    synchronized List<Fetched> news(List<Fetched> all) {
        List<Fetched> news = new ArrayList<>();
        for (Fetched fetched : all) {
            if (note(fetched)) {
                news.add(fetched);
            }
        }
        return news;
    }

    private boolean note(Fetched fetched) {
        FetchTarget.Key key = fetched.target().key();
        Cached cached = partitions.get(key);
        if (cached == null) {
            return true;
        }
        if (fetched.data().records().sizeInBytes() > 0) {
            partitions.remove(key);
            partitions.put(key, cached);
        }
        return cached.tell(fetched.data());
    }
}
