package io.taffrail.simulation.queue;

import io.taffrail.simulation.world.Violation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The expected state of one queue. */
final class QueueModel {

    private record Key(int id, String trail) {}

    private final QueuePlan plan;
    private final Map<Key, Copy> copies = new LinkedHashMap<>();
    private final NavigableMap<Long, Copy> byOffset = new TreeMap<>();
    private final List<SimConsumer> consumers = new ArrayList<>();
    private int mostReady;
    private boolean purged;
    /** Number of purges without an answer; they may have settled any message that was ready. */
    private int purging;

    QueueModel(QueuePlan plan) {
        this.plan = plan;
    }

    QueuePlan plan() {
        return plan;
    }

    String name() {
        return plan.name();
    }

    /** All copies that were or may have been in it. */
    List<Copy> copies() {
        return new ArrayList<>(copies.values());
    }

    @Nullable
    Copy find(Sent sent, String trail) {
        return copies.get(new Key(sent.id(), trail));
    }

    /** Returns the copy of a message, created if it is not known. */
    Copy copy(Sent sent, String trail, @Nullable Copy parent) {
        return copies.computeIfAbsent(new Key(sent.id(), trail),
                key -> new Copy(this, sent, trail, parent));
    }

    /** A purge begins. */
    void purges() {
        purged = true;
        purging++;
    }

    /** A purge was answered. */
    void purgeEnds() {
        purging--;
    }

    /** True if a purge was not answered yet. */
    boolean isPurging() {
        return purging > 0;
    }

    /** True if it may have been purged of messages that no client saw in it. */
    boolean mayBePurged() {
        return purged;
    }

    /** A consumer subscribes. */
    void subscribes(SimConsumer consumer) {
        consumers.add(consumer);
    }

    void leaves(SimConsumer consumer) {
        consumers.remove(consumer);
    }

    /** Requires that this consumer may get messages now. */
    void requireActive(SimConsumer consumer) {
        if (plan.singleActive() && !consumers.getFirst().equals(consumer)) {
            throw new Violation("of several consumers only the first gets messages", plan.name());
        }
    }

    void machineDied() {
        consumers.clear();
        if (purging > 0) {
            copies.values().stream().filter(Copy::mayBeReady)
                    .forEach(it -> it.maySettle(new Step("purge without an answer")));
            purging = 0;
        }
        grown();
    }

    /** More copies may be ready than before. */
    void grown() {
        if (plan.dropsHead()) {
            int ready = (int) copies.values().stream().filter(Copy::mayBeReady).count();
            mostReady = Math.max(mostReady, ready);
        }
    }

    /** True if the queue may have exceeded its length, so that a message was dropped. */
    boolean mayHaveOverflowed() {
        return plan.dropsHead() && mostReady > plan.maxLength();
    }

    /** True if the copy may have expired without notice to any client. */
    boolean mayHaveExpired(Copy copy, long nowMs) {
        int ttl = plan.ttlMs();
        int own = copy.trail().isEmpty() ? copy.sent().expirationMs() : -1;
        if (own >= 0) {
            ttl = ttl < 0 ? own : Math.min(ttl, own);
        }
        return ttl >= 0 && nowMs >= copy.sent().atMs() + copy.sent().delayMs() + ttl;
    }

    /** The copy was delivered with this offset; checks order and place. */
    void handedOut(Copy copy, long offset, long nowMs) {
        if (copy.offset() >= 0 && copy.offset() != offset) {
            throw new Violation("a message keeps its place", copy + " came from " + offset);
        }
        copy.offset(offset);
        Copy other = byOffset.putIfAbsent(offset, copy);
        if (other != null && !other.equals(copy)) {
            throw new Violation("an offset is given once",
                    other + " and " + copy + " are at " + offset + " of " + name());
        }
        if (plan.maxPriority() > 0 || purging > 0) {
            return;
        }
        for (Copy earlier : copies.values()) {
            if (isBefore(earlier, copy) && earlier.isReady()
                    && !earlier.mayHaveLeft(nowMs)) {
                throw new Violation("messages come in their order",
                        copy + " came before " + earlier);
            }
        }
    }

    private static boolean isBefore(Copy one, Copy other) {
        if (one.equals(other)) {
            return false;
        }
        if (one.offset() >= 0) {
            return one.offset() < other.offset();
        }
        return one.isDirect() && other.isDirect() && one.sent().id() < other.sent().id();
    }
}
