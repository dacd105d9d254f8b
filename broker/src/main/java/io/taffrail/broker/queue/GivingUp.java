package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.CursorLog;
import io.taffrail.broker.deadletter.DeathReason;
import io.taffrail.broker.message.RecordCursor;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Discards.Discard;
import io.taffrail.broker.queue.QueueSettings.Limits;
import io.taffrail.broker.queue.QueueSettings.Overflow;
import io.taffrail.broker.turn.Turn;

/** Lets messages go that a queue does not keep: to the dead-letter exchange, or away. */
final class GivingUp {

    private final Queue queue;
    private final QueueContext context;
    private final Ready ready;
    private final CursorLog cursor;
    private final Discards discards = new Discards();
    private boolean waiting;
    private boolean retrying;

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
        int bodyBytes = message.bodyBytes();
        boolean gone = goes(message, reason);
        ready.take();
        if (gone) {
            cursor.settle(offset, offset + 1);
        } else {
            keep(new Discard(offset, reason, bodyBytes));
        }
    }

    /** Whether a message goes now; those that have to wait go one after the other. */
    private boolean goes(StoredMessage message, DeathReason reason) {
        return !isWanted()
                || (discards.count() == 0 && context.deadLetter(queue, message, reason));
    }

    /** A message stays, in nobody's hands, until there is room for it where it goes. */
    private void keep(Discard discard) {
        discards.add(discard);
        cursor.handedOut(ready.position());
        tryAgain();
    }

    private void tryAgain() {
        if (!retrying) {
            retrying = true;
            var _ = context.timers().after(Turn.AGAIN_MS, () -> {
                retrying = false;
                if (!queue.isDeleted()) {
                    discards.offer(this::retry);
                    queue.schedule();
                    if (discards.count() > 0) {
                        tryAgain();
                    }
                }
            });
        }
    }

    private boolean retry(Discard discard) {
        boolean gone = !isWanted() || !ready.find(discard.offset())
                || (!context.turn().isRefusing()
                        && context.deadLetter(queue, ready.found(), discard.reason()));
        if (gone) {
            cursor.settle(discard.offset(), discard.offset() + 1);
        }
        return gone;
    }

    /** Messages that are given up and still here. */
    Discards discards() {
        return discards;
    }

    /** Gives up a message that was held until now. */
    void held(HeldDelivery delivery, DeathReason reason) {
        boolean found = !isWanted() || ready.find(delivery.offset());
        if (!found && ready.isLost(delivery.offset())) {
            return; // It stays unsettled: what it says may be found again.
        }
        if (!isWanted() || !found
                || goes(ready.found(), reason)) {
            cursor.settle(delivery.offset(), delivery.offset() + 1);
        } else {
            keep(new Discard(delivery.offset(), reason, delivery.bodyBytes()));
        }
    }

    /** Refuses a message that comes in. */
    void incoming(IncomingMessage message) {
        if (isWanted()
                && limits().overflow() == Overflow.REJECT_PUBLISH_DEAD_LETTER) {
            boolean gone = context.deadLetter(queue, message, DeathReason.MAXLEN);
            assert gone : "what is refused goes, as at-least-once wants reject-publish";
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
