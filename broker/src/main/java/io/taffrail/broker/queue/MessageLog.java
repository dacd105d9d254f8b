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

/** The log that holds a queue's messages, seen from the side where they come in. */
public final class MessageLog extends TurnMember {

    /** Told how many messages were not stored, and the bytes of their bodies. */
    public interface OnRefused {
        void refused(int messages, long bodyBytes);
    }

    /** Somebody who waits until what was there when he asked is readable. */
    private record Waiter(long end, LongConsumer then) {}

    /**
     * A batch of one turn. Messages that have left another place are in batches of their own: only
     * these are stored again after a refusal, because publishers of the others were told of it.
     */
    private record Collected(ByteBuffer batch, int count, long bodyBytes, boolean moved) {}

    /** Told that what it knows of the log cannot be trusted any more. */
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
    /** Batches of the open turn that are complete, in the order of their messages. */
    private List<Collected> sealed = new ArrayList<>();
    private int sealedCount;
    private List<Collected> collected = List.of();
    /** What was refused and is to be stored with the next turn. */
    private final List<Collected> carried = new ArrayList<>();
    private int carriedCount;
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

    /** Sets who is told when the state of this object is in doubt. */
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

    /** Makes the open step depend on what is in already, as a duplicate of that does. */
    void addNothing() {
        turn.join(this, 0);
    }

    private void seal() {
        if (!batch.isEmpty()) {
            int count = batch.count();
            sealed.add(new Collected(batch.take(), count, bodyBytes, moved));
            sealedCount += count;
            bodyBytes = 0;
        }
    }

    /** First offset not given out, with the messages of this turn counted in. */
    public long end() {
        return log.nextOffset() + carriedCount + sealedCount + batch.count();
    }

    /** Gives offsets to what is in this turn, by ending it. */
    void settleOffsets() {
        if (!batch.isEmpty() || !sealed.isEmpty()) {
            turn.flush();
        }
    }

    /** Whether all that is in has its offset, but what was refused and comes again. */
    boolean hasOffsets() {
        return batch.isEmpty() && sealed.isEmpty();
    }

    /** Bytes of the bodies of what was refused and comes again. */
    long carriedBytes() {
        return carried.stream().mapToLong(Collected::bodyBytes).sum();
    }

    /** Passes on what was refused and comes again, with the offsets it has if that is next. */
    void visitCarried(Consumer<ByteBuffer> visitor) {
        long offset = log.nextOffset();
        for (Collected each : carried) {
            ByteBuffer numbered = each.batch.duplicate();
            numbered.putLong(numbered.position(), offset); // Outside the checksum.
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

    /** What was for this turn, and what earlier ones were refused, is not stored. */
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

    /** Runs {@code then} when all that is in by now is readable; at once if it is. */
    public void whenReadable(Runnable then) {
        whenReadable(_ -> then.run());
    }

    /** As above, and passes on where that ends, which what was refused does not count for. */
    void whenReadable(LongConsumer then) {
        whenReadable(end(), then);
    }

    /** As above, when all below {@code end} is readable. */
    void whenReadable(long end, LongConsumer then) {
        if (log.durableEnd() >= end) {
            then.accept(end);
        } else {
            waiters.add(new Waiter(end, then));
        }
    }

    /** What somebody waits for from this offset on was refused. */
    private void nothingMoreUntil(long end) {
        for (int left = waiters.size(); left > 0; left--) {
            Waiter waiter = waiters.removeFirst();
            waiters.addLast(new Waiter(Math.min(end, waiter.end), waiter.then));
        }
        releaseWaiters(log.durableEnd());
    }

    /** The readable end has moved. */
    public void advanced(long durableEnd) {
        if (!waiters.isEmpty()) {
            releaseWaiters(durableEnd);
        }
    }

    /** Stops: what is in this turn, or was refused, is dropped, and everybody goes on who waits. */
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
