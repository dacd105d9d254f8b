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
import io.taffrail.broker.schedule.Steps;
import io.taffrail.broker.vhost.MovedWalks.Source;
import io.taffrail.broker.vhost.MovedWalks.Way;
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
    private final MovedWalks moved;
    private final RefusedLetters refused;

    DeadLetterRouting(Topology topology, InstantSource clock, LostLetters lost, MovedWalks moved,
            Steps steps, PublishLimits limits) {
        this.refused = new RefusedLetters(steps, lost, limits.copies(), clock,
                this::sendRefused);
        this.moved = moved;
        this.lost = lost;
        this.topology = topology;
        this.clock = clock;
    }

    /** As {@link io.taffrail.broker.queue.QueueContext#deadLetter}. */
    boolean send(Queue queue, StoredMessage dead, Letter letter, boolean mayPart,
            Runnable answered) {
        if (!letter.isStored()) {
            refused.add(queue, dead, letter.reason());
            return true;
        }
        return refused.during(() -> sendStored(queue, dead, letter, mayPart, answered));
    }

    private boolean sendStored(Queue queue, StoredMessage dead, Letter letter, boolean mayPart,
            Runnable answered) {
        DeadLetters target = queue.settings().deadLetters();
        Optional<Exchange> exchange = target.exchange().flatMap(topology::exchange);
        if (exchange.isEmpty()) {
            return !target.atLeastOnce();
        }
        Message message = Deaths.next(dead, queue.name(), letter.reason(), exchange.get().name(),
                target.key(), clock.millis());
        Runnable again = () -> {
            letter.ready();
            answered.run();
        };
        Optional<Way> found = moved.find(exchange.get(), message,
                new Source(queue, letter.offset()), again);
        if (found.isEmpty()) {
            return false;
        }
        Walk walk = found.get().walk();
        if (walk.isBlocked()) {
            walk.withdraw();
            return false;
        }
        List<AnyQueue> missing = targets(found.get(), message, letter.reason()).stream()
                .filter(next -> !letter.isWith(next.name()))
                .toList();
        int atOnce = moved.isInParts(found.get(), message, missing.size())
                ? moved.copiesInPart(message)
                : missing.size();
        boolean gone = target.atLeastOnce()
                ? place(missing, atOnce, message, letter, mayPart, answered)
                : sendOnce(missing, atOnce, message, letter, mayPart);
        if (gone) {
            walk.remember(message);
        } else {
            walk.withdraw();
        }
        if (!gone && atOnce < missing.size() && letter.isPlaced()) {
            moved.afterPart(again);
        }
        return gone;
    }

    private static List<AnyQueue> targets(Way way, Message message, DeathReason reason) {
        return way.queues().stream().filter(next -> reason == DeathReason.REJECTED
                || !Deaths.isCycle(message, next.name())).toList();
    }

    /** Stores the letter of a refused message once in each of its queues that takes it. */
    private int sendRefused(Queue queue, StoredMessage dead, DeathReason reason) {
        DeadLetters target = queue.settings().deadLetters();
        Optional<Exchange> exchange = target.exchange().flatMap(topology::exchange);
        if (exchange.isEmpty()) {
            return 0;
        }
        Message message = Deaths.next(dead, queue.name(), reason, exchange.get().name(),
                target.key(), clock.millis());
        Optional<Way> found = moved.atOnce(exchange.get(), message);
        if (found.isEmpty()) {
            lost.lost(exchange.get().name(), 1, Routing.TOO_COSTLY);
            return 0;
        }
        Walk walk = found.get().walk();
        List<AnyQueue> queues = targets(found.get(), message, reason);
        if (walk.isBlocked() || moved.isInParts(found.get(), message, queues.size())) {
            walk.withdraw();
            String why = walk.isBlocked() ? Routing.REFUSES : Routing.TOO_WIDE;
            queues.forEach(it -> lost.lost(it.name(), 1, why));
            return 0;
        }
        for (AnyQueue next : queues) {
            if (next.mustWait() || !Routing.storeMoved(next, message)) {
                lost.lost(next.name(), 1, Routing.REFUSES);
            }
        }
        walk.remember(message);
        return queues.size();
    }

    /**
     * Stores the letter in every target, or in the first ones if there are too many for one turn;
     * the others get it in later turns. If a target has to wait, returns false and stores nothing;
     * if one fails as it takes the letter, those behind it get the letter with it.
     */
    private boolean sendOnce(List<AnyQueue> missing, int atOnce, Message message, Letter letter,
            boolean mayPart) {
        for (AnyQueue next : missing) {
            if (next.mustWait()) {
                return false;
            }
        }
        if (atOnce < missing.size() && !mayPart && !letter.isParted()) {
            return false;
        }
        for (int index = 0; index < atOnce; index++) {
            AnyQueue next = missing.get(index);
            if (!Routing.storeMoved(next, message)) {
                if (next.mustWait()) {
                    missing.subList(0, index).forEach(it -> letter.placed(it.name()));
                    return false;
                }
                lost.lost(next.name(), 1, Routing.REFUSES);
            }
        }
        if (atOnce < missing.size()) {
            missing.subList(0, atOnce).forEach(it -> letter.placed(it.name()));
        }
        return atOnce == missing.size();
    }

    private static boolean place(List<AnyQueue> missing, int atOnce, Message message,
            Letter letter, boolean mayPart, Runnable answered) {
        if (missing.isEmpty()) {
            return letter.isPlaced() && !letter.isUnderWay();
        }
        boolean all = atOnce == missing.size() && !letter.isUnderWay() && missing.stream()
                .allMatch(it -> !it.isElsewhere() && it.hasRoomFor(message));
        if (!all && !mayPart && !letter.isParted()) {
            return false;
        }
        int left = atOnce;
        for (AnyQueue next : missing) {
            if (left > 0 && next.hasRoomFor(message)) {
                left--;
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
