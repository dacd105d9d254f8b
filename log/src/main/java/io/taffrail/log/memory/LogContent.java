package io.taffrail.log.memory;

import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.compact.ActiveProducers;
import io.taffrail.log.compact.Eraser;
import io.taffrail.log.spi.AbortedTransaction;
import io.taffrail.log.spi.LogSlice;
import io.taffrail.log.spi.OffsetSet;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.state.AbortedSearch;
import io.taffrail.log.state.AbortedTransactions;
import io.taffrail.log.state.LogState;
import io.taffrail.log.state.ProducerSpace;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The content of one log: segments and bounds, independent of any handle. Every method
 * that touches them holds the object's lock, so that other threads never see a step half done.
 */
final class LogContent {

    private final LogId id;
    private final List<MemorySegment> segments = new ArrayList<>();
    private long startOffset;
    private long nextOffset;
    private long durableEnd;
    private long damagedFrom = Long.MAX_VALUE;
    private long damagedTo = Long.MAX_VALUE;
    private int epoch = -1;
    private boolean deleted;

    /** State derived from every stored batch, and from the durable ones. */
    private final LogState state;
    private final LogState durableState;
    private final AbortedTransactions aborted = new AbortedTransactions();

    LogContent(LogId id) {
        this(id, new LogState(), new LogState());
    }

    private LogContent(LogId id, LogState state, LogState durableState) {
        this.id = id;
        this.state = state;
        this.durableState = durableState;
    }

    /** Returns a copy of the durable content. */
    synchronized LogContent copyDurable() {
        LogContent copy = new LogContent(id, copyOf(durableState), copyOf(durableState));
        for (MemorySegment segment : segments) {
            if (segment.baseOffset() <= durableEnd) {
                copy.segments.add(segment.copyBelow(durableEnd));
            }
        }
        aborted.all().stream().filter(it -> it.lastOffset() < durableEnd)
                .forEach(copy.aborted::add);
        copy.startOffset = startOffset;
        copy.nextOffset = durableEnd;
        copy.durableEnd = durableEnd;
        copy.epoch = epoch;
        return copy;
    }

    private static LogState copyOf(LogState state) {
        return LogState.restore(state.snapshot(), ProducerSpace.unlimited());
    }

    LogId id() {
        return id;
    }

    LogState state() {
        return state;
    }

    /** As {@link io.taffrail.log.spi.ReadableLog#abortedTransactions(long, long, int)}. */
    synchronized List<AbortedTransaction> aborted(long from, long upTo, int most) {
        AbortedSearch search = new AbortedSearch(from, upTo, most);
        var _ = aborted.search(search);
        return search.found();
    }

    synchronized long startOffset() {
        return startOffset;
    }

    synchronized long nextOffset() {
        return nextOffset;
    }

    synchronized long durableEnd() {
        return durableEnd;
    }

    synchronized int epoch() {
        return epoch;
    }

    synchronized boolean isDeleted() {
        return deleted;
    }

    synchronized long sizeBytes() {
        return segments.stream().mapToLong(MemorySegment::sizeBytes).sum();
    }

    synchronized int segmentCount() {
        return segments.size();
    }

    synchronized void beginEpoch(int newEpoch) {
        epoch = newEpoch;
    }

    synchronized void markDeleted() {
        deleted = true;
        segments.clear();
    }

    /** Stores a stamped batch whose base offset is the next offset. */
    synchronized void append(ByteBuffer batch, LogOptions options, long nowMs) {
        assert BatchHeader.baseOffset(batch, batch.position()) == nextOffset : "not stamped";
        if (segments.isEmpty() || mustRoll(segments.getLast(), batch, options, nowMs)) {
            segments.add(new MemorySegment(nextOffset, nowMs));
        }
        segments.getLast().append(batch);
        state.apply(batch, batch.position()).ifPresent(aborted::add);
        nextOffset = BatchHeader.lastOffset(batch, batch.position()) + 1;
    }

    private static boolean mustRoll(MemorySegment active, ByteBuffer batch, LogOptions options,
            long nowMs) {
        if (active.isEmpty()) {
            return false;
        }
        int at = batch.position();
        return active.sizeBytes() + (long) batch.remaining() > options.segmentBytes().bytes()
                || BatchHeader.lastOffset(batch, at) - active.baseOffset() > Integer.MAX_VALUE
                || active.ageMs(BatchHeader.maxTimestamp(batch, at), nowMs) > options.segmentAge()
                        .toMillis();
    }

    synchronized void advanceDurable(long end) {
        for (ByteBuffer batch : batches(durableEnd, end)) {
            var _ = durableState.apply(batch, 0);
        }
        durableEnd = Math.max(durableEnd, end);
        assert startOffset <= durableEnd && durableEnd <= nextOffset
                : startOffset + " to " + durableEnd + " of " + nextOffset;
    }

    synchronized void roll(long nowMs) {
        if (!segments.isEmpty() && !segments.getLast().isEmpty()) {
            segments.add(new MemorySegment(nextOffset, nowMs));
        }
    }

    synchronized void trimTo(long offset) {
        if (offset < startOffset || offset > durableEnd) {
            throw new IllegalArgumentException("cannot trim " + id + " to " + offset
                    + ": the log spans " + startOffset + " to " + durableEnd);
        }
        moveStart(offset);
        while (segments.size() > 1 && segments.get(1).baseOffset() <= offset) {
            segments.removeFirst();
        }
    }

    /** Drops segments by size and age; returns the number of segments dropped. */
    synchronized int retain(LogOptions options, long nowMs) {
        if (!options.deleteRetained()) {
            return 0;
        }
        int dropped = 0;
        while (!segments.isEmpty() && !segments.getFirst().isEmpty()
                && segmentEnd(0) <= durableEnd
                && (tooOld(segments.getFirst(), options, nowMs)
                        || tooMuch(segments.getFirst(), options))) {
            moveStart(Math.max(startOffset, segmentEnd(0)));
            segments.removeFirst();
            dropped++;
        }
        return dropped;
    }

    /** Removes records from durable sealed segments; returns the number of bytes freed. */
    synchronized long erase(OffsetSet gone) {
        long before = sizeBytes();
        Eraser eraser = new Eraser(gone, ActiveProducers.of(state));
        for (int index = segments.size() - 2; index >= 0; index--) {
            if (segmentEnd(index) <= durableEnd) {
                segments.set(index, segments.get(index).without(eraser));
            }
        }
        for (int index = segments.size() - 2; index >= 0; index--) {
            if (segments.get(index).isEmpty()) {
                segments.remove(index);
            }
        }
        return before - sizeBytes();
    }

    private void moveStart(long offset) {
        startOffset = offset;
        state.trimTo(offset);
        durableState.trimTo(offset);
        aborted.trimTo(offset);
    }

    synchronized void expireProducers(long beforeMs) {
        state.expireProducers(beforeMs);
        durableState.expireProducers(beforeMs);
    }

    private long segmentEnd(int index) {
        return index + 1 < segments.size() ? segments.get(index + 1).baseOffset() : nextOffset;
    }

    private static boolean tooOld(MemorySegment segment, LogOptions options, long nowMs) {
        return options.retentionMs().isPresent()
                && nowMs - segment.newestMs() > options.retentionMs().getAsLong();
    }

    private boolean tooMuch(MemorySegment segment, LogOptions options) {
        return options.retentionBytes().isPresent() && segments.stream()
                .mapToLong(MemorySegment::sizeBytes).sum() - segment.sizeBytes() >= options
                        .retentionBytes().getAsLong();
    }

    /** Makes reads from {@code from} to {@code to} (exclusive) report damage from now on. */
    synchronized void damage(long from, long to) {
        damagedFrom = from;
        damagedTo = to;
    }

    synchronized ReadResult read(long offset, long upTo, int maxBytes, boolean oneAtLeast) {
        if (deleted) {
            return new ReadResult.Unreadable("log " + id + " is deleted");
        }
        if (offset < startOffset || offset > durableEnd) {
            return new ReadResult.OutOfRange(startOffset, durableEnd);
        }
        if (offset >= damagedFrom && offset < Math.min(damagedTo, durableEnd)) {
            return new ReadResult.Damaged(offset, Math.min(damagedTo, durableEnd),
                    "log " + id + " was damaged by the test");
        }
        long end = Math.min(upTo, durableEnd);
        if (offset < damagedFrom) {
            end = Math.min(end, damagedFrom);
        }
        for (MemorySegment segment : segments) {
            int first = segment.indexOf(offset);
            if (first < segment.entries().size()) {
                return batches(segment, first, end, maxBytes, oneAtLeast);
            }
        }
        return empty();
    }

    private static ReadResult batches(MemorySegment segment, int first, long end, int maxBytes,
            boolean oneAtLeast) {
        List<MemorySegment.Entry> entries = segment.entries();
        int from = entries.get(first).position();
        int to = from;
        for (int index = first; index < entries.size(); index++) {
            MemorySegment.Entry entry = entries.get(index);
            boolean fits = entry.end() - from <= maxBytes || (oneAtLeast && index == first);
            if (entry.baseOffset() >= end || !fits) {
                break;
            }
            to = entry.end();
        }
        return to == from
                ? empty()
                : new ReadResult.Batches(
                        new LogSlice.BufferSlice(segment.slice(from, to), LogContent::released));
    }

    private static ReadResult empty() {
        return new ReadResult.Batches(
                new LogSlice.BufferSlice(ByteBuffer.allocate(0), LogContent::released));
    }

    /** Does nothing: the garbage collector frees slices of memory. */
    private static void released() {}

    /** Returns a snapshot of the durable batches that end at or after the start, in order. */
    synchronized List<ByteBuffer> durableBatches() {
        return batches(startOffset, durableEnd);
    }

    private List<ByteBuffer> batches(long from, long upTo) {
        List<ByteBuffer> batches = new ArrayList<>();
        for (MemorySegment segment : segments) {
            for (MemorySegment.Entry entry : segment.entriesFrom(from)) {
                if (entry.lastOffset() >= upTo) {
                    return batches;
                }
                batches.add(segment.slice(entry.position(), entry.end()));
            }
        }
        return batches;
    }
}
