package io.taffrail.broker.vhost;

import io.taffrail.broker.deadletter.DeathReason;
import io.taffrail.broker.deadletter.Deaths;
import io.taffrail.broker.deadletter.Letter;
import io.taffrail.broker.deadletter.LostLetters;
import io.taffrail.broker.exchange.Exchange;
import io.taffrail.broker.exchange.Walk;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.AnyQueue;
import io.taffrail.broker.queue.Queue;
import io.taffrail.broker.queue.QueueSettings.DeadLetters;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The routing of dead letters to their dead-letter exchanges.
 *
 * <p>
 * With at-most-once dead-lettering, the default, a letter that its target refuses is dropped, as in
 * RabbitMQ; a target that fails as it takes the letter gets it after it was reopened. With
 * at-least-once a letter is placed with each target that can take it, and stays in
 * its queue until all targets have it; the {@link Letter} records which do. Owner thread only.
 */
final class DeadLetterRouting {

    private final Topology topology;
    private final InstantSource clock;
    private final LostLetters lost;
    private final PublishLimits limits;
    private final Walk walk = new Walk();

    DeadLetterRouting(Topology topology, InstantSource clock, LostLetters lost,
            PublishLimits limits) {
        this.limits = limits;
        this.lost = lost;
        this.topology = topology;
        this.clock = clock;
    }

    /** As {@link io.taffrail.broker.queue.QueueContext#deadLetter}. */
    boolean send(Queue queue, StoredMessage dead, Letter letter, boolean mayPart,
            Runnable answered) {
        DeadLetters target = queue.settings().deadLetters();
        Optional<Exchange> exchange = target.exchange().flatMap(topology::exchange);
        if (exchange.isEmpty()) {
            return !target.atLeastOnce();
        }
        Message message = Deaths.next(dead, queue.name(), letter.reason(), exchange.get().name(),
                target.key(), clock.millis());
        if (!Routing.follow(walk, exchange.get(), message, limits)) {
            return !target.atLeastOnce() && drop(exchange.get());
        }
        if (walk.isBlocked()) {
            walk.withdraw();
            return false;
        }
        List<AnyQueue> found = walk.queues().stream().map(AnyQueue.class::cast)
                .filter(next -> letter.reason() == DeathReason.REJECTED
                        || !Deaths.isCycle(message, next.name()))
                .toList();
        boolean gone = target.atLeastOnce()
                ? place(found, message, letter, mayPart, answered)
                : sendOnce(found, message, letter);
        if (gone) {
            walk.remember(message);
        } else {
            walk.withdraw();
        }
        return gone;
    }

    private boolean drop(Exchange exchange) {
        lost.lost(exchange.name(), 1, Routing.TOO_COSTLY);
        return true;
    }

    /**
     * Stores the letter in every target. If a target has to wait, returns false and stores nothing;
     * if one fails as it takes the letter, those behind it get the letter with it.
     */
    private boolean sendOnce(List<AnyQueue> found, Message message, Letter letter) {
        List<AnyQueue> missing = letter.isParted()
                ? found.stream().filter(it -> !letter.isWith(it.name())).toList()
                : found;
        for (AnyQueue next : missing) {
            if (next.mustWait()) {
                return false;
            }
        }
        if (!FanOutLimit.allows(message, missing.size())) {
            missing.forEach(it -> lost.lost(it.name(), 1, Routing.TOO_WIDE));
            return true;
        }
        for (int index = 0; index < missing.size(); index++) {
            AnyQueue next = missing.get(index);
            if (!Routing.storeMoved(next, message)) {
                if (next.mustWait()) {
                    missing.subList(0, index).forEach(it -> letter.placed(it.name()));
                    return false;
                }
                lost.lost(next.name(), 1, Routing.REFUSES);
            }
        }
        return true;
    }

    private static boolean place(List<AnyQueue> found, Message message, Letter letter,
            boolean mayPart, Runnable answered) {
        List<AnyQueue> missing = found.stream().filter(it -> !letter.isWith(it.name())).toList();
        if (missing.isEmpty()) {
            return letter.isPlaced() && !letter.isUnderWay();
        }
        if (!FanOutLimit.allows(message, missing.size())) {
            return false;
        }
        boolean all = !letter.isUnderWay() && missing.stream()
                .allMatch(it -> !it.isElsewhere() && it.hasRoomFor(message));
        if (!all && !mayPart && !letter.isParted()) {
            return false;
        }
        for (AnyQueue next : missing) {
            if (next.hasRoomFor(message)) {
                placeWith(next, message, letter, answered);
            }
        }
        return !letter.isUnderWay() && missing.stream().allMatch(it -> letter.isWith(it.name()));
    }

    private static void placeWith(AnyQueue next, Message message, Letter letter,
            Runnable answered) {
        if (!next.isElsewhere()) {
            if (Routing.store(next, message)) {
                letter.placed(next.name());
            }
            return;
        }
        letter.sent(next.name());
        CompletableFuture<Boolean> sent = next.send(message);
        var _ = sent.thenAccept(taken -> {
            letter.answered(next.name(), taken);
            answered.run();
        });
    }
}
