package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.CursorLog;
import io.taffrail.broker.deadletter.DeathReason;
import io.taffrail.broker.deadletter.Letter;
import io.taffrail.broker.message.RecordCursor;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Discards.Look;
import io.taffrail.broker.queue.HostTraffic.Fate;
import io.taffrail.broker.queue.QueueSettings.Limits;
import io.taffrail.broker.queue.QueueSettings.Overflow;
import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.turn.Turn;
import io.taffrail.broker.turn.TurnListener;
import io.taffrail.log.guard.Guard;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The removal of messages that a queue does not keep: they are dead-lettered, or dropped if there
 * is no dead-letter exchange. Owner thread only.
 */
final class GivingUp {

    private static final Logger LOG = LoggerFactory.getLogger(GivingUp.class);

    /** Longest pause between two looks at waiting letters, in units of {@link Turn#AGAIN_MS}. */
    private static final int MAX_PAUSES = 16;

    private final Queue queue;
    private final QueueContext context;
    private final Ready ready;
    private final CursorLog cursor;
    private final Discards discards = new Discards();
    private boolean waiting;
    private boolean looking;
    /** Number of looks in a row that placed no letter. */
    private int fruitless;
    private boolean failed;
    /**
     * True until the turn with the letters of the last step is durable; then the next step begins.
     */
    private boolean awaitingTurn;

    GivingUp(Queue queue, QueueContext context, Ready ready, CursorLog cursor) {
        this.queue = queue;
        this.context = context;
        this.ready = ready;
        this.cursor = cursor;
    }

    /** Gives up the message at the head of {@code ready}. */
    void head(DeathReason reason) {
        RecordCursor message = ready.message();
        counted(reason);
        Letter letter = new Letter(message.offset(), reason);
        int bodyBytes = message.bodyBytes();
        if (reason != DeathReason.REJECTED) {
            queue.watching().givesUp(reason);
        }
        boolean gone = goes(message, letter);
        ready.take();
        if (gone) {
            cursor.settle(letter.offset(), letter.offset() + 1);
        } else {
            keep(letter, bodyBytes);
        }
    }

    /** Gives up a message that was in flight until now. */
    void held(HeldDelivery delivery, DeathReason reason) {
        Letter letter = new Letter(delivery.offset(), reason);
        boolean found = !isWanted() || ready.find(delivery.offset());
        if (!found && ready.isLost(delivery.offset())) {
            return; // Stays unsettled: a later start may be able to read it.
        }
        counted(reason);
        if (!isWanted() || !found || goes(ready.found(), letter)) {
            cursor.settle(delivery.offset(), delivery.offset() + 1);
        } else {
            keep(letter, delivery.bodyBytes());
        }
    }

    private void counted(DeathReason reason) {
        QueueSettings settings = queue.settings();
        Fate fate = !isWanted()
                ? Fate.DROPPED
                : settings.deadLetters().atLeastOnce() ? Fate.AT_LEAST_ONCE : Fate.AT_MOST_ONCE;
        context.traffic().gaveUp(settings.type(), reason, fate);
    }

    /** Dead-letters or drops a message; false if it has to stay. */
    private boolean goes(StoredMessage message, Letter letter) {
        return !isWanted() || context.deadLetter(queue, message, letter, discards.mayPart(),
                () -> answered(letter));
    }

    /** Keeps a message out of delivery until every target has it. */
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

    /** Tries waiting letters. While none can be placed, the pause between looks grows. */
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

    /** Tries a letter again after the answer of another owner, or when its queues were found. */
    private void answered(Letter letter) {
        if (queue.isDeleted() || !discards.has(letter)) {
            return;
        }
        boolean isReady = letter.takeReady();
        boolean isTime = isReady || letter.isPlaced();
        boolean gone = isTime && !letter.isUnderWay()
                && !context.turn().isRefusing() && discards.attempt(letter, this::retry);
        if (gone) {
            queue.schedule();
        }
    }

    /**
     * Tries a letter once more; an exception affects this letter only. Returns the body size in
     * bytes if the letter is gone, or -1.
     */
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

    /** The messages that were given up and are kept. */
    Discards discards() {
        return discards;
    }

    /** Refuses an incoming message, and dead-letters it if the overflow policy says so. */
    void incoming(IncomingMessage message) {
        if (isWanted()
                && limits().overflow() == Overflow.REJECT_PUBLISH_DEAD_LETTER) {
            counted(DeathReason.MAXLEN);
            Letter letter = new Letter(-1, DeathReason.MAXLEN);
            // A failure here loses nothing: the publisher is told of the refusal.
            var _ = context.deadLetter(queue, message, letter, false, () -> {});
        }
    }

    /**
     * Gives up expired messages at the head, and those beyond the maximum length.
     *
     * @return true if nothing is left to do for now; otherwise the queue is woken to continue
     */
    boolean sweep(Expiration expiration, Budget budget) {
        while (isDue(expiration) && ready.count() > 0 && mayMove()
                && ready.peek()) {
            boolean expired = expiration.isExpired(ready.message());
            if (!expired && !isTooFull()) {
                expiration.watch(ready.message());
                return true; // No timer runs for such a head, so it is checked again.
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
     * next step. With a dead-letter exchange the next step begins when the letters of this one are
     * durable, so that at most one turn of letters is in flight, however large the backlog is.
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
     * Whether dead letters can be stored at present. If not, the queue is woken after
     * {@link Turn#AGAIN_MS}.
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

    /** Whether {@link #sweep} has to check the head. */
    boolean isDue(Expiration expiration) {
        return isTooFull() || expiration.isDue();
    }

    private boolean isTooFull() {
        return limits().overflow() == Overflow.DROP_HEAD
                && limits().areExceeded(ready.count(), ready.sizeBytes());
    }

    /** As {@link Queue#hasRoom(int, long)}; messages that wait to be given up count too. */
    boolean hasRoom(int count, long bodyBytes) {
        return limits().overflow() == Overflow.DROP_HEAD
                || !limits().areExceeded(ready.count() + discards.count() + count,
                        ready.sizeBytes() + discards.sizeBytes() + bodyBytes);
    }

    private Limits limits() {
        return queue.settings().limits();
    }

    private boolean isWanted() {
        return queue.settings().deadLetters().exchange().isPresent();
    }
}
