package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.CursorLog;
import io.taffrail.broker.deadletter.DeathReason;
import io.taffrail.broker.deadletter.Letter;
import io.taffrail.broker.message.RecordCursor;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Discards.Look;
import io.taffrail.broker.queue.QueueSettings.Limits;
import io.taffrail.broker.queue.QueueSettings.Overflow;
import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.turn.Turn;
import io.taffrail.broker.turn.TurnListener;
import io.taffrail.log.guard.Guard;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets messages go that a queue does not keep: to the dead-letter exchange, or away. */
final class GivingUp {

    private static final Logger LOG = LoggerFactory.getLogger(GivingUp.class);

    /** The longest pause between two looks at letters that wait, in {@link Turn#AGAIN_MS}. */
    private static final int MAX_PAUSES = 16;

    private final Queue queue;
    private final QueueContext context;
    private final Ready ready;
    private final CursorLog cursor;
    private final Discards discards = new Discards();
    private boolean waiting;
    private boolean looking;
    /** Looks in a row that placed nothing. */
    private int fruitless;
    private boolean failed;
    /** The next step begins when the turn is durable that has the letters of the last one. */
    private boolean awaitingTurn;

    GivingUp(Queue queue, QueueContext context, Ready ready, CursorLog cursor) {
        this.queue = queue;
        this.context = context;
        this.ready = ready;
        this.cursor = cursor;
    }

    /** Gives up the message that {@code ready} stands at. */
    void head(DeathReason reason) {
        RecordCursor message = ready.message();
        Letter letter = new Letter(message.offset(), reason);
        int bodyBytes = message.bodyBytes();
        boolean gone = goes(message, letter);
        ready.take();
        if (gone) {
            cursor.settle(letter.offset(), letter.offset() + 1);
        } else {
            keep(letter, bodyBytes);
        }
    }

    /** Gives up a message that was held until now. */
    void held(HeldDelivery delivery, DeathReason reason) {
        Letter letter = new Letter(delivery.offset(), reason);
        boolean found = !isWanted() || ready.find(delivery.offset());
        if (!found && ready.isLost(delivery.offset())) {
            return; // It stays unsettled: what it says may be found again.
        }
        if (!isWanted() || !found || goes(ready.found(), letter)) {
            cursor.settle(delivery.offset(), delivery.offset() + 1);
        } else {
            keep(letter, delivery.bodyBytes());
        }
    }

    /** Whether a message goes now. */
    private boolean goes(StoredMessage message, Letter letter) {
        return !isWanted() || context.deadLetter(queue, message, letter, discards.mayPart(),
                () -> answered(letter));
    }

    /** A message stays, in nobody's hands, until every target has it. */
    private void keep(Letter letter, int bodyBytes) {
        discards.add(letter, bodyBytes);
        cursor.handedOut(ready.position());
        lookAfter(Turn.AGAIN_MS);
    }

    private void lookAfter(int delayMs) {
        if (!looking) {
            looking = true;
            var _ = context.timers().after(delayMs, this::look);
        }
    }

    /** Tries letters that wait. While none can be placed the looks become rarer. */
    private void look() {
        looking = false;
        if (queue.isDeleted() || discards.count() == 0) {
            return;
        }
        Look look = context.turn().isRefusing()
                ? Look.PROGRESS
                : discards.look(this::retry, context.turn()::isFull);
        fruitless = look == Look.DONE ? Math.min(fruitless + 1, MAX_PAUSES) : 0;
        if (look != Look.DONE) {
            queue.schedule();
        } else if (ready.count() == 0) {
            ready.idle();
        }
        if (discards.count() > 0) {
            lookAfter(look == Look.UNFINISHED ? 0 : Turn.AGAIN_MS * Math.max(1, fruitless));
        }
    }

    /** An owner elsewhere has said what became of a letter. */
    private void answered(Letter letter) {
        if (queue.isDeleted() || !discards.has(letter)) {
            return;
        }
        boolean gone = letter.isPlaced() && !letter.isUnderWay()
                && !context.turn().isRefusing() && discards.attempt(letter, this::retry);
        if (gone) {
            queue.schedule();
        }
    }

    /** Tries a letter once more; one that fails leaves the others alone. */
    private int retry(Letter letter) {
        int[] bytes = {-1};
        boolean tried = Guard.run(() -> bytes[0] = tried(letter),
                failure -> failed(letter, failure));
        return tried ? bytes[0] : -1;
    }

    private void failed(Letter letter, Throwable failure) {
        if (!failed) {
            failed = true;
            LOG.error("LTR-001 the message at {} of queue {} cannot be sent to its dead-letter"
                    + " exchange and stays; others of the queue that fail are not logged",
                    letter.offset(), queue.name(), failure);
        }
    }

    private int tried(Letter letter) {
        long offset = letter.offset();
        boolean found = isWanted() && ready.find(offset);
        int bodyBytes = found ? ready.found().bodyBytes() : 0;
        if ((found && !goes(ready.found(), letter))
                || (isWanted() && !found && ready.isLost(offset))) {
            return -1;
        }
        cursor.settle(offset, offset + 1);
        return bodyBytes;
    }

    /** Messages that are given up and still here. */
    Discards discards() {
        return discards;
    }

    /** Refuses a message that comes in. */
    void incoming(IncomingMessage message) {
        if (isWanted()
                && limits().overflow() == Overflow.REJECT_PUBLISH_DEAD_LETTER) {
            Letter letter = new Letter(-1, DeathReason.MAXLEN);
            // Where it cannot be sent now nothing is lost: its publisher is told of the refusal.
            var _ = context.deadLetter(queue, message, letter, false, () -> {});
        }
    }

    /**
     * Gives up messages at the head that are expired, and those that are too many.
     *
     * @return whether that is all for now; if not, the queue is woken to go on
     */
    boolean sweep(Expiration expiration, Budget budget) {
        while (isDue(expiration) && ready.count() > 0 && mayMove()
                && ready.peek()) {
            boolean expired = expiration.isExpired(ready.message());
            if (!expired && !isTooFull()) {
                expiration.watch(ready.message());
                return true; // A message that never goes has no timer: it is looked at again.
            }
            if (!goesOn(budget)) {
                return false;
            }
            budget.spend(ready.message().bodyBytes());
            head(expired ? DeathReason.EXPIRED : DeathReason.MAXLEN);
        }
        return true;
    }

    /**
     * Whether one more message may be given up in this step; if not, the queue is woken for the
     * next one. Where letters are sent that is when those of this step are durable: however large
     * a backlog is, what is on its way is one turn.
     */
    boolean goesOn(Budget budget) {
        if (awaitingTurn) {
            return false;
        }
        if (!isWanted()) {
            if (budget.isSpent()) {
                queue.schedule();
            }
            return !budget.isSpent();
        }
        if (!budget.isSpent() && !context.turn().isFull()) {
            return true;
        }
        awaitingTurn = true;
        context.turn().listen(new TurnListener() {
            @Override
            public void durable() {
                nextStep();
            }

            @Override
            public void failed(String detail) {
                nextStep();
            }
        });
        return false;
    }

    private void nextStep() {
        awaitingTurn = false;
        queue.schedule();
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

    /** Whether {@link #sweep} has to look at the head. */
    boolean isDue(Expiration expiration) {
        return isTooFull() || expiration.isDue();
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
