package io.taffrail.broker.vhost;

import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.queue.AnyQueue;
import io.taffrail.broker.queue.ConsumerOptions;
import io.taffrail.broker.queue.Holding;
import io.taffrail.broker.queue.QueueArguments;
import io.taffrail.broker.schedule.Steps;
import io.taffrail.broker.schedule.Timers;
import io.taffrail.log.guard.Guard;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;

/**
 * The periodic check for deliveries held longer than the consumer time-out. It runs while there are
 * consumers or deliveries from single gets: every minute, or four times within the shortest
 * time-out in use. Owner thread only.
 */
final class ConsumerTimeouts {

    private static final long LONGEST_PAUSE_MS = 60_000;
    private static final long SHORTEST_PAUSE_MS = 50;
    private static final int LOOKS = 4;

    private final Topology topology;
    private final InstantSource clock;
    private final Timers timers;
    private final Steps steps;
    private final long usualMs;
    private final Holders holders = new Holders();
    private long pauseMs = LONGEST_PAUSE_MS;
    private long looking;

    /**
     * @param usualMs
     *            time-out in milliseconds where queue and consumer set none; 0: none
     */
    ConsumerTimeouts(Topology topology, InstantSource clock, Timers timers, Steps steps,
            long usualMs) {
        this.topology = topology;
        this.clock = clock;
        this.timers = timers;
        this.steps = steps;
        this.usualMs = usualMs;
    }

    /** Notes that a queue has one more consumer. */
    void consumed(AnyQueue queue, ConsumerOptions options) {
        long ownMs = options.arguments().get(QueueArguments.CONSUMER_TIMEOUT)
                .flatMap(FieldValue::number).orElse(0L);
        shorten(ownMs);
        lookAt(queue);
    }

    /** Adds a holder of the queue's messages that is not one of its consumers. */
    void held(AnyQueue queue, Holding holding) {
        holders.add(holding);
        lookAt(queue);
    }

    private void lookAt(AnyQueue queue) {
        changed(queue);
        if (looking == 0) {
            await();
        }
    }

    /** Notes that the settings of a queue have changed. */
    void changed(AnyQueue queue) {
        shorten(queue.settings().consumerTimeoutMs().orElse(usualMs));
    }

    private void shorten(long limitMs) {
        long wanted = Math.clamp(limitMs / LOOKS, SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS);
        if (limitMs > 0 && wanted < pauseMs) {
            pauseMs = wanted;
            if (looking > 0) {
                await();
            }
        }
    }

    private void await() {
        long mine = ++looking;
        var _ = timers.after(pauseMs, () -> {
            if (mine == looking) {
                look();
            }
        });
    }

    private void look() {
        boolean[] held = {holders.check(usualMs, clock.millis())};
        Iterator<AnyQueue> queues = List.copyOf(topology.queues()).iterator();
        var _ = steps.work(budget -> {
            while (queues.hasNext() && !budget.isSpent()) {
                AnyQueue queue = queues.next();
                budget.spend(1 + queue.consumerCount(), 0);
                if (queue.consumerCount() > 0) {
                    held[0] = true;
                    Guard.run(() -> queue.checkHolding(usualMs), queue::failed);
                }
            }
            return !queues.hasNext();
        }).thenRun(() -> looked(held[0]));
    }

    private void looked(boolean held) {
        if (held) {
            await();
        } else {
            looking = 0;
            pauseMs = LONGEST_PAUSE_MS;
        }
    }
}
