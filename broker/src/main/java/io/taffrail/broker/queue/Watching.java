package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.CursorLog;
import io.taffrail.broker.deadletter.DeathReason;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.FollowedDelivery.Fate;
import io.taffrail.broker.queue.MessageWatch.Verdict;
import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.turn.Turn;
import org.jspecify.annotations.Nullable;

/**
 * The queue's side of a {@link MessageWatch}. The changes of both are one atomic step of the turn.
 * A queue without a watch pays one test for null. Owner thread only.
 */
final class Watching {

    /** Header with the number of the attempt, on deliveries that are followed. */
    private static final String ATTEMPT = "x-job-attempt";

    private final Queue queue;
    private final Turn turn;
    private final Ready ready;
    private final CursorLog cursor;
    private final GivingUp givingUp;
    private @Nullable MessageWatch watch;

    Watching(Queue queue, Turn turn, Ready ready, CursorLog cursor, GivingUp givingUp) {
        this.queue = queue;
        this.turn = turn;
        this.ready = ready;
        this.cursor = cursor;
        this.givingUp = givingUp;
    }

    void begin(MessageWatch by) {
        watch = by;
    }

    /**
     * Judges the message at the head, and removes it if it must not be handed out. PASS if there is
     * no watch.
     */
    Verdict head(Budget budget) {
        MessageWatch by = watch;
        if (by == null) {
            return Verdict.PASS;
        }
        Verdict verdict = by.judge(ready.message());
        switch (verdict) {
            case PASS, HOLD -> {
                return verdict;
            }
            case DROP -> {
                budget.spend(ready.message().bodyBytes());
                drop(by);
            }
            case GIVE_UP -> {
                if (!givingUp.mayMove() || !givingUp.goesOn(budget)) {
                    return Verdict.HOLD;
                }
                budget.spend(ready.message().bodyBytes());
                givingUp.head(DeathReason.REJECTED);
            }
        }
        return verdict;
    }

    private void drop(MessageWatch by) {
        long offset = ready.message().offset();
        turn.move(cursor, () -> by.dropped(ready.message()));
        ready.take();
        cursor.settle(offset, offset + 1);
    }

    /** Tells the watch that the queue gives up the message at the head. */
    void givesUp(DeathReason reason) {
        MessageWatch by = watch;
        if (by != null) {
            turn.move(cursor, () -> by.gaveUp(ready.message(), reason.text()));
        }
    }

    /** Tells the watch of a delivery, and returns the message as the consumer is to see it. */
    StoredMessage handedOut(StoredMessage message, HeldDelivery delivery, String worker) {
        MessageWatch by = watch;
        if (by == null) {
            return message;
        }
        FollowedDelivery follower = by.handedOut(message, delivery, worker);
        if (follower == null) {
            return message;
        }
        delivery.follower = follower;
        return CountedMessage.with(message, ATTEMPT, follower.attempt());
    }

    /** Whether deliveries may be followed, so that the worker's name is wanted. */
    boolean isOn() {
        return watch != null;
    }

    /** Settles a delivery that was acknowledged. */
    void settle(HeldDelivery delivery) {
        FollowedDelivery follower = delivery.follower;
        if (follower == null) {
            cursor.settle(delivery.offset(), delivery.offset() + 1);
        } else {
            accepted(delivery, follower);
        }
    }

    /** Gives up the message of a rejected delivery. */
    void reject(HeldDelivery delivery) {
        FollowedDelivery follower = delivery.follower;
        if (follower == null) {
            givingUp.held(delivery, DeathReason.REJECTED);
        } else {
            failed(delivery, follower, true);
        }
    }

    /** Tells the follower that the message was only looked at. */
    void putBack(HeldDelivery delivery) {
        FollowedDelivery follower = delivery.follower;
        if (follower != null) {
            follower.putBack();
        }
    }

    /** Ends a delivery that is to be requeued; false if nobody follows it. */
    boolean requeue(HeldDelivery delivery) {
        FollowedDelivery follower = delivery.follower;
        if (follower != null) {
            failed(delivery, follower, false);
        }
        return follower != null;
    }

    private void accepted(HeldDelivery delivery, FollowedDelivery follower) {
        boolean[] recorded = new boolean[1];
        turn.move(cursor, () -> {
            recorded[0] = follower.accepted();
            if (recorded[0]) {
                cursor.settle(delivery.offset(), delivery.offset() + 1);
            }
        });
        if (!recorded[0]) {
            queue.giveBack(delivery, delivery.count());
        }
    }

    /** Ends a followed delivery that failed. */
    private void failed(HeldDelivery delivery, FollowedDelivery follower, boolean rejected) {
        if (!ready.find(delivery.offset())) {
            return; // Damaged: stays unsettled, for a later start that may read it.
        }
        Fate[] fate = new Fate[1];
        turn.move(cursor, () -> {
            fate[0] = follower.failed(ready.found(), rejected);
            if (fate[0] == Fate.TAKEN) {
                cursor.settle(delivery.offset(), delivery.offset() + 1);
            } else if (fate[0] == Fate.GIVEN_UP) {
                givingUp.held(delivery, DeathReason.REJECTED);
            }
        });
        if (fate[0] == Fate.BACK) {
            queue.giveBack(delivery, delivery.count());
        }
    }

    /** The last arrival, for {@link #purged}. */
    long arrivals() {
        MessageWatch by = watch;
        return by == null ? 0 : by.arrivals();
    }

    /** Tells the watch of a purge, which is about to be settled. */
    void purged(long lastArrival) {
        MessageWatch by = watch;
        if (by != null) {
            turn.move(cursor, () -> by.purged(lastArrival));
        }
    }

    void interrupted() {
        MessageWatch by = watch;
        if (by != null) {
            by.interrupted();
        }
    }

    void deleted() {
        MessageWatch by = watch;
        if (by != null) {
            by.deleted();
        }
    }
}
