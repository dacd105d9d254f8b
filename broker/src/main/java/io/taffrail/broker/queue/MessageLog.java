package io.taffrail.broker.queue;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.MessageBatch;
import io.taffrail.broker.turn.Turn;
import io.taffrail.broker.turn.TurnAppends;
import io.taffrail.broker.turn.TurnMember;
import io.taffrail.log.AppendResult;
import io.taffrail.log.spi.WritableLog;
import java.util.ArrayDeque;
import java.util.Deque;

/** The log that holds a queue's messages, seen from the side where they come in. */
public final class MessageLog extends TurnMember {

    /** Told how many messages were not stored, and the bytes of their bodies. */
    public interface OnRefused {
        void refused(int messages, long bodyBytes);
    }

    /** Somebody who waits until what was there when he asked is readable. */
    private record Waiter(long end, Runnable then) {}

    private final WritableLog log;
    private final Turn turn;
    private final MessageBatch batch = new MessageBatch();
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private final OnRefused onRefused;
    private long bodyBytes;
    private int collected;
    private long collectedBytes;
    private boolean closed;

    /**
     * @param onRefused
     *            told what of the last turn was not stored
     */
    public MessageLog(WritableLog log, Turn turn, OnRefused onRefused) {
        this.log = log;
        this.turn = turn;
        this.onRefused = onRefused;
    }

    WritableLog log() {
        return log;
    }

    /** Takes a message into this turn. */
    public void add(Message message, long nowMs) {
        int before = batch.sizeBytes();
        batch.add(message, nowMs);
        bodyBytes += message.body().remaining();
        turn.join(this, batch.sizeBytes() - before);
    }

    /** First offset not given out, with the messages of this turn counted in. */
    public long end() {
        return log.nextOffset() + batch.count();
    }

    /** Gives offsets to what is in this turn, by ending it. */
    void settleOffsets() {
        if (!batch.isEmpty()) {
            turn.flush();
        }
    }

    @Override
    protected void collect(TurnAppends appends) {
        collected = batch.count();
        collectedBytes = bodyBytes;
        bodyBytes = 0;
        if (collected > 0 && !closed) {
            appends.add(this, log, batch.take());
        }
    }

    @Override
    protected void stored(AppendResult.Stored result) {
        collected = 0;
    }

    @Override
    protected void refused(AppendResult.Refused refusal) {
        onRefused.refused(collected, collectedBytes);
        collected = 0;
        releaseWaiters(Long.MAX_VALUE);
    }

    /** Runs {@code then} when all that is in by now is readable; at once if it is. */
    public void whenReadable(Runnable then) {
        if (log.durableEnd() >= end()) {
            then.run();
        } else {
            waiters.add(new Waiter(end(), then));
        }
    }

    /** The readable end has moved. */
    public void advanced(long durableEnd) {
        if (!waiters.isEmpty()) {
            releaseWaiters(durableEnd);
        }
    }

    /** Stops: what is in this turn is dropped, and everybody goes on who waits. */
    public void close() {
        closed = true;
        log.close();
        releaseWaiters(Long.MAX_VALUE);
    }

    private void releaseWaiters(long durableEnd) {
        while (!waiters.isEmpty() && waiters.getFirst().end <= durableEnd) {
            waiters.removeFirst().then.run();
        }
    }
}
