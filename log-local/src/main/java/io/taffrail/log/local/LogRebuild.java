package io.taffrail.log.local;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.local.segment.SegmentInfo;
import io.taffrail.log.spi.AbortedTransaction;
import io.taffrail.log.state.LogState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rebuild of a quarantined log's state, as a start would do it: from its last capture and the
 * batches behind that up to the durable end. The log's state in memory is in doubt and is not used.
 * Its view is used, because a view is replaced in one step and contains only records that the
 * journal has. May read many segments; runs on a thread that may block on the disk.
 */
final class LogRebuild {

    private final LogView view;
    private final StoredLog doubtful;
    private final LogState state;
    private final List<AbortedTransaction> aborted = new ArrayList<>();
    private final long capturedEnd;
    private final @Nullable StoredLog captured;
    private long next;

    private LogRebuild(LogView view, StoredLog doubtful, @Nullable StoredLog captured,
            StoredLogs logs) {
        this.view = view;
        this.doubtful = doubtful;
        this.state = captured == null ? new LogState(logs.producers()) : captured.state();
        this.captured = captured;
        this.capturedEnd = captured == null ? 0 : captured.nextOffset();
        this.next = Math.max(view.startOffset(), capturedEnd);
    }

    /**
     * Reads the batches and returns the rebuilt log.
     *
     * @param view
     *            the last view of the log, with no append in flight
     * @param captured
     *            the log as of the last checkpoint, or {@code null} if the checkpoint
     *            does not contain it
     */
    static StoredLog of(LogView view, StoredLog doubtful, @Nullable StoredLog captured,
            StoredLogs logs) throws IOException {
        LogRebuild rebuild = new LogRebuild(view, doubtful, captured, logs);
        try {
            return rebuild.rebuild(logs);
        } catch (Throwable e) {
            rebuild.state.discard();
            throw e;
        }
    }

    private StoredLog rebuild(StoredLogs logs) throws IOException {
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i <= view.durableSegment(); i++) {
            Segment segment = view.segments()[i];
            int limit = view.readableBytes(i);
            if (view.endOffset(i) > next) {
                take(segment, limit);
            }
            segments.add(i < view.durableSegment()
                    ? segment
                    : Segment.recovered(doubtful.folder(), new SegmentInfo(segment.baseOffset(),
                            segment.generation(), limit, segment.firstTimestampMs(),
                            segment.maxTimestampMs(), segment.info().lastAppendMs(),
                            capturedAborted(segment)),
                            logs.files()));
        }
        if (next > view.durableEnd()) {
            throw new LogFailedException("%s: the checkpoint ends at offset %d, the log at %d"
                    .formatted(doubtful.id(), next, view.durableEnd()));
        }
        AbortedRebuild.replaceFrom(segments, capturedEnd, aborted);
        state.trimTo(view.startOffset());
        StoredLog fresh = logs.create(doubtful.id(), doubtful.durability());
        fresh.restore(view.startOffset(), view.durableEnd(), doubtful.highestEpoch(),
                doubtful.cleanedTo(), segments, state);
        doubtful.state().discard();
        if (doubtful.unsettled() != 0) {
            fresh.unsettle();
        }
        return fresh;
    }

    /** Number of aborted transactions in a segment that the rebuild does not find itself. */
    private int capturedAborted(Segment segment) {
        if (segment.generation() > 0) {
            return segment.aborted().count();
        }
        return captured == null
                ? 0
                : Stream.of(captured.segments())
                        .filter(it -> it.baseOffset() == segment.baseOffset()
                                && it.generation() == 0)
                        .mapToInt(it -> it.aborted().count()).findFirst().orElse(0);
    }

    private void take(Segment segment, int limit) throws IOException {
        int position = segment.locate(next, limit);
        while (position < limit) {
            ByteBuffer batch = segment.readBatch(position, limit);
            if (!BatchHeader.isWhole(batch, 0, batch.limit())) {
                throw new LogFailedException(
                        "%s is damaged at %d".formatted(segment.path(), position));
            }
            if (BatchHeader.baseOffset(batch, 0) >= next) {
                state.apply(batch, 0).ifPresent(aborted::add);
                next = BatchHeader.lastOffset(batch, 0) + 1;
            }
            position += batch.limit();
        }
    }
}
