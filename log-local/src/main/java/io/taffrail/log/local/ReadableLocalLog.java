package io.taffrail.log.local;

import io.taffrail.log.LogId;
import io.taffrail.log.compact.SegmentFacts;
import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.spi.AbortedTransaction;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.ReadableLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The read side of a log of the local engine. Thread-safe: methods use the view that the owner
 * published last, or state that is itself thread-safe.
 */
abstract class ReadableLocalLog implements ReadableLog {

    private final StoredLog stored;
    private final int leaderEpoch;
    private final LogReader reader;
    private final AbortedReader aborted;
    private volatile LogView view;

    ReadableLocalLog(StoredLog stored, int leaderEpoch) {
        this.stored = stored;
        this.leaderEpoch = leaderEpoch;
        this.view = LogView.atEnd(stored);
        this.aborted = new AbortedReader(stored.id(), this::view);
        this.reader = new LogReader(stored.id(), this::view);
    }

    final StoredLog stored() {
        return stored;
    }

    final LogView view() {
        return view;
    }

    /** Publishes a new view to readers. Owner's thread only. */
    final void show(LogView next) {
        view = next;
        stored.state().durable(next.durableEnd());
    }

    /** Returns the facts of all segments for planning a compaction; the last segment is active. */
    final List<SegmentFacts> segmentFacts() {
        Segment[] segments = view.segments();
        List<SegmentFacts> facts = new ArrayList<>(segments.length);
        for (int i = 0; i < segments.length; i++) {
            Segment segment = segments[i];
            long end = i + 1 < segments.length ? segments[i + 1].baseOffset() : Long.MAX_VALUE;
            facts.add(new SegmentFacts(segment.baseOffset(), end, segment.sizeBytes(),
                    segment.firstTimestampMs(), segment.ageFromMs()));
        }
        return facts;
    }

    @Override
    public final LogId id() {
        return stored.id();
    }

    @Override
    public final long startOffset() {
        return view.startOffset();
    }

    @Override
    public final long durableEnd() {
        return view.durableEnd();
    }

    @Override
    public final long lastStableOffset() {
        LogView now = view;
        return Math.max(now.startOffset(), stored.state().lastStableOffset(now.durableEnd()));
    }

    @Override
    public final int leaderEpoch() {
        return leaderEpoch;
    }

    @Override
    public final long sizeBytes() {
        return reader.sizeBytes();
    }

    @Override
    public final int segmentCount() {
        return view.segments().length;
    }

    @Override
    public final ReadResult read(long offset, long upTo, int maxBytes, boolean oneAtLeast) {
        return reader.read(offset, upTo, maxBytes, oneAtLeast);
    }

    @Override
    public final ReadResult readVerified(long offset) {
        return reader.readVerified(offset);
    }

    @Override
    public final Optional<TimedOffset> offsetForTime(long timestampMs) {
        return reader.offsetForTime(timestampMs);
    }

    @Override
    public final Optional<TimedOffset> offsetOfMaxTimestamp() {
        return reader.offsetOfMaxTimestamp();
    }

    @Override
    public final Optional<EpochEnd> endOffsetForEpoch(int epoch) {
        return stored.state().endOffsetForEpoch(epoch, view.durableEnd());
    }

    @Override
    public final List<AbortedTransaction> abortedTransactions(long from, long upTo,
            int most) {
        return aborted.between(from, upTo, most);
    }

    @Override
    public final List<ProducerSnapshot> producers() {
        return stored.state().producers();
    }
}
