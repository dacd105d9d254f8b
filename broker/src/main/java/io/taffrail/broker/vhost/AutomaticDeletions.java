package io.taffrail.broker.vhost;

import io.taffrail.broker.queue.AnyQueue;
import io.taffrail.broker.queue.Queue;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.schedule.Timers;
import io.taffrail.log.guard.FailStop;
import io.taffrail.log.text.Printable;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deletions of queues that no client asked for: of exclusive queues whose connection has ended,
 * of auto-delete queues without consumers, and of queues that expired. A deletion that the store
 * refuses is logged once, and tried again as long as its reason holds. Owner thread only.
 */
final class AutomaticDeletions {

    /** Time until a refused deletion is tried again, in milliseconds. */
    static final long RETRY_MS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(AutomaticDeletions.class);

    private enum Reason {
        SESSION_ENDED, UNUSED, EXPIRED;

        /** Whether the reason of a refused deletion still holds. */
        boolean holds(AnyQueue queue) {
            return switch (this) {
                case SESSION_ENDED -> true;
                case UNUSED -> queue.consumerCount() == 0;
                // A queue that was used or opened again since has set its timer anew.
                case EXPIRED -> queue instanceof Queue same && same.isExpired();
            };
        }
    }

    private final String host;
    private final Topology topology;
    private final Serial serial;
    private final QueueChanges queues;
    private final Timers timers;
    /** Reasons of each deletion under way or waiting to be tried again, by the queue's id. */
    private final Map<String, Set<Reason>> pending = new HashMap<>();
    private boolean closed;

    AutomaticDeletions(String host, Topology topology, Serial serial, QueueChanges queues,
            Timers timers) {
        this.host = host;
        this.topology = topology;
        this.serial = serial;
        this.queues = queues;
        this.timers = timers;
    }

    /** Deletes the exclusive queues of a session that has ended. */
    void ended(Session session) {
        List.copyOf(topology.queues()).forEach(queue -> ended(session, queue));
    }

    /** As {@link #ended(Session)}, for a queue that was declared; does nothing before the end. */
    void declared(Session session, String queue) {
        if (session.isEnded()) {
            topology.queue(queue).ifPresent(it -> ended(session, it));
        }
    }

    private void ended(Session session, AnyQueue queue) {
        if (queue.exclusiveTo().equals(Optional.of(session))) {
            delete(queue, Reason.SESSION_ENDED);
        }
    }

    /** Deletes an auto-delete queue that has lost its last consumer. */
    void unused(AnyQueue queue) {
        delete(queue, Reason.UNUSED);
    }

    /** Deletes a queue that was unused for the time of {@code x-expires}. */
    void expired(Queue queue) {
        delete(queue, Reason.EXPIRED);
    }

    /** Tries no deletion again from now on. */
    void close() {
        closed = true;
    }

    private void delete(AnyQueue queue, Reason reason) {
        queues.id(queue).ifPresent(id -> {
            Set<Reason> reasons = pending.get(id);
            if (reasons == null) {
                pending.put(id, EnumSet.of(reason));
                attempt(queue.name(), id, false);
            } else {
                reasons.add(reason);
            }
        });
    }

    private void attempt(String name, String id, boolean again) {
        var _ = serial.change(name, () -> find(name, id)
                .filter(it -> !again || isDue(it, id)).map(queues::delete)
                .orElse(CompletableFuture.completedFuture(null)))
                .whenComplete((_, failure) -> {
                    if (failure == null || closed) {
                        pending.remove(id);
                    } else {
                        refused(name, id, again, failure);
                    }
                });
    }

    private boolean isDue(AnyQueue queue, String id) {
        return pending.getOrDefault(id, Set.of()).stream().anyMatch(it -> it.holds(queue));
    }

    private void refused(String name, String id, boolean again, Throwable failure) {
        FailStop.check(failure);
        if (!again) {
            LOG.error("QUE-009 queue '{}' in vhost '{}' was not deleted automatically; it stays in"
                    + " use, and its deletion is tried again every {} ms", Printable.of(name),
                    Printable.of(host), RETRY_MS, failure);
        }
        var _ = timers.after(RETRY_MS, () -> {
            if (closed) {
                pending.remove(id);
            } else {
                attempt(name, id, true);
            }
        });
    }

    /** The queue with this id, which may have been opened again since. */
    private Optional<AnyQueue> find(String name, String id) {
        return topology.queue(name).filter(it -> queues.id(it).equals(Optional.of(id)));
    }
}
