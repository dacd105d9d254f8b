package io.taffrail.kafka.fetch;

import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * The fetch sessions of all clients, at most so many. When there is no room a session that was not
 * used for two minutes makes place; otherwise the newcomer goes without. Safe for any thread.
 */
final class FetchSessions {

    static final int EVICTION_MS = 120_000;
    /** Partitions remembered over all sessions, some 200 bytes each. */
    static final int MAX_PARTITIONS = 200_000;

    private final int slots;
    private final InstantSource clock;
    private final IntSupplier randomId;
    /** By id, least recently used first. */
    private final Map<Integer, FetchSession> sessions = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * Makes an empty cache.
     *
     * @param randomId
     *            any int; ids are to be hard to guess
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
        sessions.remove(id);
    }

    synchronized int size() {
        return sessions.size();
    }

    /** A new session, if there is room. */
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

    /** Whether sessions may have so many partitions more. */
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
        if (!oldest.hasNext() || nowMs - oldest.next().lastUsedMs() <= EVICTION_MS) {
            return false;
        }
        oldest.remove();
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
