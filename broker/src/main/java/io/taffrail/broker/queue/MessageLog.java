package io.taffrail.broker.queue;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.MessageBatch;
import io.taffrail.broker.turn.Turn;
import io.taffrail.broker.turn.TurnAppends;
import io.taffrail.broker.turn.TurnMember;
import io.taffrail.log.AppendResult;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** The write side of the log that holds a queue's messages. Owner thread only. */
public final class MessageLog extends TurnMember {

    /**
     * Listener that is told the number of messages that were not stored, and the bytes of their
     * bodies.
     */
    public interface OnRefused {
        void refused(int messages, long bodyBytes);
    }

    /** A task that waits until all below an offset is readable. */
    private record Waiter(long end, LongConsumer then) {}

    /**
     * A complete batch of one turn. Messages that were moved from elsewhere are in batches of their
     * own: only these are stored again after a refusal, because publishers of the other messages
     * were told that they were rejected.
     */
    private record Collected(ByteBuffer batch, int count, long bodyBytes, boolean moved) {}

    /** Listener that is told when the state of this object is in doubt. */
    public interface OnFailed {
        void failed(Throwable cause);
    }

    private final WritableLog log;
    private final Turn turn;
    private final MessageBatch batch = new MessageBatch();
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private final OnRefused onRefused;
    private OnFailed onFailed = _ -> {};
    private long bodyBytes;
    private boolean moved;
    /** Complete batches of the open turn, in the order of their messages. */
    private List<Collected> sealed = new ArrayList<>();
    private int sealedCount;
    private List<Collected> collected = List.of();
    /** Batches that were refused, to be stored with the next turn. */
    private final List<Collected> carried = new ArrayList<>();
    private int carriedCount;
    private boolean closed;

    /**
     * @param onRefused
     *            told of messages that were not stored
     */
    public MessageLog(WritableLog log, Turn turn, OnRefused onRefused) {
        this.log = log;
        this.turn = turn;
        this.onRefused = onRefused;
    }

    /** Sets the listener that is told when the state of this object is in doubt. */
    public void onFailed(OnFailed listener) {
        onFailed = listener;
    }

    WritableLog log() {
        return log;
    }

    /** Takes a message into this turn. */
    public void add(Message message, long nowMs) {
        boolean moving = turn.isMoving();
        if (moving != moved) {
            seal();
            moved = moving;
        }
        int before = batch.sizeBytes();
        batch.add(message, nowMs);
        bodyBytes += message.body().remaining();
        turn.join(this, batch.sizeBytes() - before);
    }

    /** Takes encoded messages into this turn, in a batch of their own. */
    void add(StagedMessages staged) {
        seal();
        moved = turn.isMoving();
        int bytes = staged.sizeBytes();
        int count = staged.count();
        sealed.add(new Collected(staged.take(), count, staged.bodyBytes(), moved));
        sealedCount += count;
        turn.join(this, bytes);
    }

    /**
     * Joins the open step without a message. A step that published a duplicate thus depends on the
     * messages already in the turn.
     */
    void addNothing() {
        turn.join(this, 0);
    }

    /** Completes the batch being filled. */
    private void seal() {
        if (!batch.isEmpty()) {
            int count = batch.count();
            sealed.add(new Collected(batch.take(), count, bodyBytes, moved));
            sealedCount += count;
            bodyBytes = 0;
        }
    }

    /** The next offset, counting the messages of the open turn and those to be stored again. */
    public long end() {
        return log.nextOffset() + carriedCount + sealedCount + batch.count();
    }

    /** Assigns offsets to the messages of the open turn, by ending the turn. */
    void settleOffsets() {
        if (!batch.isEmpty() || !sealed.isEmpty()) {
            turn.flush();
        }
    }

    /** Whether every message has its offset, except for those to be stored again. */
    boolean hasOffsets() {
        return batch.isEmpty() && sealed.isEmpty();
    }

    /** Bytes of the bodies of messages to be stored again. */
    long carriedBytes() {
        return carried.stream().mapToLong(Collected::bodyBytes).sum();
    }

    /** Visits the batches to be stored again, with the offsets they get if they are stored next. */
    void visitCarried(Consumer<ByteBuffer> visitor) {
        long offset = log.nextOffset();
        for (Collected each : carried) {
            ByteBuffer numbered = each.batch.duplicate();
            numbered.putLong(numbered.position(), offset); // Not in the checksum.
            visitor.accept(numbered);
            offset += each.count;
        }
    }

    @Override
    protected void collect(TurnAppends appends) {
        if (closed) {
            return;
        }
        seal();
        collected = sealed;
        sealed = new ArrayList<>();
        sealedCount = 0;
        carried.forEach(it -> appends.add(this, log, it.batch));
        collected.forEach(it -> appends.add(this, log, it.batch));
    }

    @Override
    protected void stored(AppendResult.Stored result) {
        carried.clear();
        carriedCount = 0;
        collected = List.of();
    }

    @Override
    protected void refused(AppendResult.Refused refusal) {
        List<Collected> dropped = new ArrayList<>();
        for (Collected each : collected) {
            if (each.moved) {
                carried.add(each);
                carriedCount += each.count;
            } else {
                dropped.add(each);
            }
        }
        collected = List.of();
        dropped.forEach(it -> onRefused.refused(it.count, it.bodyBytes));
        if (!carried.isEmpty() && !closed) {
            turn.joinLater(this);
        }
        nothingMoreUntil(log.nextOffset());
    }

    /** Drops the messages of this turn, and those to be stored again: none of them is stored. */
    @Override
    protected void failed(Throwable cause, boolean own) {
        seal();
        List<Collected> lost = new ArrayList<>(carried);
        lost.addAll(collected);
        lost.addAll(sealed);
        carried.clear();
        carriedCount = 0;
        collected = List.of();
        sealed = new ArrayList<>();
        sealedCount = 0;
        lost.forEach(it -> onRefused.refused(it.count, it.bodyBytes));
        releaseWaiters(Long.MAX_VALUE);
        if (own) {
            onFailed.failed(cause);
        }
    }

    /**
     * Runs {@code then} when all messages added so far are readable; during the call if they are.
     * Refused messages are not waited for; after a failure all tasks run.
     */
    public void whenReadable(Runnable then) {
        whenReadable(_ -> then.run());
    }

    /** As above, and passes on the first offset not waited for; refused messages do not count. */
    void whenReadable(LongConsumer then) {
        whenReadable(end(), then);
    }

    /** As above, for all messages below {@code end}. */
    void whenReadable(long end, LongConsumer then) {
        if (log.durableEnd() >= end) {
            then.accept(end);
        } else {
            waiters.add(new Waiter(end, then));
        }
    }

    /**
     * Moves the end of waiting tasks down to {@code end}, because the messages above it were
     * refused.
     */
    private void nothingMoreUntil(long end) {
        for (int left = waiters.size(); left > 0; left--) {
            Waiter waiter = waiters.removeFirst();
            waiters.addLast(new Waiter(Math.min(end, waiter.end), waiter.then));
        }
        releaseWaiters(log.durableEnd());
    }

    /** Reports that the readable end has moved. */
    public void advanced(long durableEnd) {
        if (!waiters.isEmpty()) {
            releaseWaiters(durableEnd);
        }
    }

    /**
     * Closes the log: messages of this turn and those to be stored again are dropped, and all
     * waiting tasks run.
     */
    public void close() {
        log.close();
        stop();
    }

    /** As {@link #close}, but leaves the log open. */
    public void stop() {
        closed = true;
        releaseWaiters(Long.MAX_VALUE);
    }

    @Override
    public String toString() {
        return "the messages of " + log.id();
    }

    private void releaseWaiters(long durableEnd) {
        while (!waiters.isEmpty() && waiters.getFirst().end <= durableEnd) {
            Waiter first = waiters.removeFirst();
            Guard.run("QUE-003", "somebody who waits for " + this,
                    () -> first.then.accept(first.end));
        }
    }
}
