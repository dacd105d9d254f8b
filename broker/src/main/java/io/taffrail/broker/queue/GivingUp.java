package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.CursorLog;
import io.taffrail.broker.deadletter.DeathReason;
import io.taffrail.broker.message.RecordCursor;
import io.taffrail.broker.queue.QueueSettings.Limits;
import io.taffrail.broker.queue.QueueSettings.Overflow;
import io.taffrail.broker.turn.Turn;

/** Lets messages go that a queue does not keep: to the dead-letter exchange, or away. */
final class GivingUp {

    private final Queue queue;
    private final QueueContext context;
    private final Ready ready;
    private final CursorLog cursor;
    private boolean waiting;

    GivingUp(Queue queue, QueueContext context, Ready ready, CursorLog cursor) {
        this.queue = queue;
        this.context = context;
        this.ready = ready;
        this.cursor = cursor;
    }

    /** Gives up the message that {@code ready} stands at. */
    void head(DeathReason reason) {
        RecordCursor message = ready.message();
        long offset = message.offset();
        if (isWanted()) {
            context.deadLetter(queue, message, reason);
        }
        ready.take();
        cursor.settle(offset, offset + 1);
    }

    /** Gives up a message that was held until now. */
    void held(HeldDelivery delivery, DeathReason reason) {
        if (isWanted() && ready.find(delivery.offset())) {
            context.deadLetter(queue, ready.found(), reason);
        }
        cursor.settle(delivery.offset(), delivery.offset() + 1);
    }

    /** Refuses a message that comes in. */
    void incoming(IncomingMessage message) {
        if (isWanted()
                && limits().overflow() == Overflow.REJECT_PUBLISH_DEAD_LETTER) {
            context.deadLetter(queue, message, DeathReason.MAXLEN);
        }
    }

    /** Gives up messages at the head that are expired, and those that are too many. */
    void sweep(Expiration expiration) {
        while ((isTooFull() || expiration.isDue()) && ready.count() > 0 && mayMove()
                && ready.peek()) {
            if (expiration.isExpired(ready.message())) {
                head(DeathReason.EXPIRED);
            } else if (isTooFull()) {
                head(DeathReason.MAXLEN);
            } else {
                expiration.watch(ready.message());
                return; // A message that never goes has no timer: it is looked at again.
            }
        }
    }

    /**
     * Whether dead letters can be stored, for all that is known; if not, the queue is asked to look
     * again.
     */
    boolean mayMove() {
        if (!isWanted() || !context.turn().isRefusing()) {
            return true;
        }
        if (!waiting) {
            waiting = true;
            var _ = context.timers().after(Turn.AGAIN_MS, () -> {
                waiting = false;
                queue.schedule();
            });
        }
        return false;
    }

    private boolean isTooFull() {
        return limits().overflow() == Overflow.DROP_HEAD
                && limits().areExceeded(ready.count(), ready.sizeBytes());
    }

    private Limits limits() {
        return queue.settings().limits();
    }

    private boolean isWanted() {
        return queue.settings().deadLetters().exchange().isPresent();
    }
}
