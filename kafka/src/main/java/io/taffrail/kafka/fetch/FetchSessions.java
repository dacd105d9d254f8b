package io.taffrail.kafka.fetch;

import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Cache of the fetch sessions of all clients, limited in number. If it is full, a new session
 * replaces one that was not used for two minutes; otherwise the client gets no session. Safe for
 * any thread.
 */
final class FetchSessions {

    static final int EVICTION_MS = 120_000;
    /** Most partitions in all sessions together; each takes about 200 bytes. */
    static final int MAX_PARTITIONS = 200_000;

    private final int slots;
    private final InstantSource clock;
    private final IntSupplier randomId;
    /** Sessions by id, in order from the least to the most recently used. */
    private final Map<Integer, FetchSession> sessions = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * Creates an empty cache.
     *
     * @param randomId
     *            returns any int; session ids must be hard to guess
     */
    FetchSessions(int slots, InstantSource clock, IntSupplier randomId) {
        this.slots = slots;
        this.clock = clock;
        this.randomId = randomId;
    }

    synchronized Optional<FetchSession> find(int id) {
        return Optional.ofNullable(sessions.get(id));
    }

    synchronized void remove(int id) {
        FetchSession removed = sessions.remove(id);
        if (removed != null) {
            removed.end();
        }
    }

    synchronized int size() {
        return sessions.size();
    }

    /** Creates a session if there is room for it. */
    synchronized Optional<FetchSession> create(boolean byTopicId,
            Collection<FetchTarget> targets) {
        long nowMs = clock.millis();
        if (targets.size() > FetchSession.MAX_PARTITIONS
                || (sessions.size() >= slots && !evict(nowMs))) {
            return Optional.empty();
        }
        while (partitions() + targets.size() > MAX_PARTITIONS) {
            if (!evict(nowMs)) {
                return Optional.empty();
            }
        }
        int id = newId();
        FetchSession session = new FetchSession(id, byTopicId, targets, nowMs);
        sessions.put(id, session);
        return Optional.of(session);
    }

    /** Whether the sessions may have {@code more} further partitions. */
    synchronized boolean hasRoomFor(int more) {
        return more == 0 || partitions() + more <= MAX_PARTITIONS;
    }

    private int partitions() {
        int partitions = 0;
        for (FetchSession session : sessions.values()) {
            partitions += session.size();
        }
        return partitions;
    }

    private boolean evict(long nowMs) {
        var oldest = sessions.values().iterator();
        if (!oldest.hasNext()) {
            return false;
        }
        FetchSession first = oldest.next();
        if (nowMs - first.lastUsedMs() <= EVICTION_MS) {
            return false;
        }
        oldest.remove();
        first.end();
        return true;
    }

    private int newId() {
        int id = 0;
        while (id == 0 || sessions.containsKey(id)) {
            id = randomId.getAsInt() & Integer.MAX_VALUE;
        }
        return id;
    }
}
