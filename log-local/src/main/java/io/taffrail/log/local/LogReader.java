package io.taffrail.log.local;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.local.segment.OpenFiles;
import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.spi.LogSlice;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.ReadableLog.TimedOffset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads of one log, over immutable views; safe for any thread. */
final class LogReader {

    private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);
    private static final int STALE_VIEWS = 2;
    private static final LogSlice EMPTY = new LogSlice.BufferSlice(ByteBuffer.allocate(0),
            () -> {});

    /**
     * Where a batch is known to begin: what the reader before last ended with is often what the
     * next begins with.
     */
    private record Hint(long offset, Segment segment, int position) {}

    private final LogId id;
    private final Supplier<LogView> views;
    private volatile @Nullable Hint tail;

    LogReader(LogId id, Supplier<LogView> views) {
        this.id = id;
        this.views = views;
    }

    long sizeBytes() {
        LogView view = views.get();
        long size = 0;
        for (int i = 0; i < view.segments().length; i++) {
            size += view.readableBytes(i);
        }
        return size;
    }

    ReadResult read(long offset, long upTo, int maxBytes, boolean oneAtLeast) {
        ReadResult result = read(views.get(), offset, upTo, maxBytes, oneAtLeast);
        for (int tries = 0; result instanceof ReadResult.Unreadable
                && tries < STALE_VIEWS; tries++) {
            // Retention or compaction may have taken a segment away between the view and the read.
            result = read(views.get(), offset, upTo, maxBytes, oneAtLeast);
        }
        return result;
    }

    private ReadResult read(LogView view, long offset, long upTo, int maxBytes,
            boolean oneAtLeast) {
        if (offset < view.startOffset() || offset > view.durableEnd()) {
            return new ReadResult.OutOfRange(view.startOffset(), view.durableEnd());
        }
        if (offset >= Math.min(upTo, view.durableEnd()) || (maxBytes <= 0 && !oneAtLeast)) {
            return new ReadResult.Batches(EMPTY);
        }
        try {
            return readFrom(view, offset, Math.min(upTo, view.durableEnd()), maxBytes, oneAtLeast);
        } catch (IOException e) {
            return failedRead(e, offset);
        } catch (LogFailedException e) {
            LOG.error("LOG-002 {} cannot be read at offset {}: {}", id, offset, e.getMessage());
            return new ReadResult.Unreadable(String.valueOf(e.getMessage()));
        }
    }

    private ReadResult failedRead(IOException e, long offset) {
        if (e instanceof NoSuchFileException) {
            LOG.debug("{} at offset {}: {}", id, offset, e.toString());
            return new ReadResult.Unreadable(id + " has lost a segment: " + e.getMessage());
        }
        LOG.error("LOG-002 {} cannot be read at offset {}", id, offset, e);
        return new ReadResult.Unreadable(id + " cannot be read at offset " + offset + ": " + e);
    }

    private ReadResult readFrom(LogView view, long offset, long upTo, int maxBytes,
            boolean oneAtLeast)
            throws IOException {
        for (int i = view.indexFor(offset); i <= view.durableSegment(); i++) {
            Segment segment = view.segments()[i];
            int limit = view.readableBytes(i);
            int from = position(segment, offset, limit);
            if (from >= limit) {
                requireEnd(view, i, offset);
                continue;
            }
            int end = upTo < view.durableEnd() ? segment.locate(upTo, limit) : limit;
            if (end <= from) {
                return new ReadResult.Batches(EMPTY);
            }
            int length = lengthOf(segment, from, end, maxBytes, oneAtLeast);
            if (length == 0) {
                return new ReadResult.Batches(EMPTY);
            }
            if (from + length == limit && i == view.durableSegment()) {
                tail = new Hint(view.durableEnd(), segment, limit);
            }
            return new ReadResult.Batches(slice(segment, from, length));
        }
        return new ReadResult.Batches(EMPTY);
    }

    /** Nothing rather than a part of the first batch, which no consumer can do anything with. */
    private static int lengthOf(Segment segment, int from, int end, int maxBytes,
            boolean oneAtLeast) throws IOException {
        int length = Math.min(end - from, Math.max(maxBytes, 0));
        if (length == end - from) {
            return length;
        }
        int first = Math.min(segment.batchSize(from), end - from);
        if (length >= first) {
            return length;
        }
        return oneAtLeast ? first : 0;
    }

    /** Batches that were never compacted follow one another up to the end. */
    private static void requireEnd(LogView view, int index, long offset) {
        Segment segment = view.segments()[index];
        if (index == view.durableSegment() && view.durablePosition() > 0
                && segment.generation() == 0 && offset >= segment.baseOffset()) {
            throw new LogFailedException("%s is damaged: none of its batches holds offset %d"
                    .formatted(segment.path(), offset));
        }
    }

    private int position(Segment segment, long offset, int limit) throws IOException {
        Hint hint = tail;
        if (hint != null && hint.offset == offset && hint.segment.equals(segment)) {
            return hint.position;
        }
        return segment.locate(offset, limit);
    }

    private static LogSlice slice(Segment segment, int position, int length) throws IOException {
        OpenFiles.Handle held = segment.hold();
        Optional<FileChannel> channel = held.channel();
        if (channel.isPresent()) {
            return new LogSlice.FileSlice(channel.get(), position, length, held::release);
        }
        try {
            return new LogSlice.BufferSlice(held.read(position, length), () -> {});
        } finally {
            held.release();
        }
    }

    Optional<TimedOffset> offsetForTime(long timestampMs) {
        LogView view = views.get();
        try {
            for (int i = 0; i <= view.durableSegment(); i++) {
                Segment segment = view.segments()[i];
                if (segment.maxTimestampMs() < timestampMs) {
                    continue;
                }
                Optional<TimedOffset> found = firstAtOrAfter(view, i, timestampMs);
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new LogFailedException(id + " cannot be searched by time: " + e, e);
        }
    }

    private Optional<TimedOffset> firstAtOrAfter(LogView view, int index, long timestampMs)
            throws IOException {
        Segment segment = view.segments()[index];
        int limit = view.readableBytes(index);
        int position = segment.locateTime(timestampMs, limit);
        while (position < limit) {
            ByteBuffer batch = segment.readBatch(position, limit);
            Optional<TimedOffset> found = TimeSearch.firstAtOrAfter(batch, timestampMs,
                    view.startOffset());
            if (found.isPresent()) {
                return found;
            }
            position += batch.limit();
        }
        return Optional.empty();
    }

    Optional<TimedOffset> offsetOfMaxTimestamp() {
        LogView view = views.get();
        long max = -1;
        for (int i = 0; i <= view.durableSegment(); i++) {
            max = Math.max(max, view.segments()[i].maxTimestampMs());
        }
        return max < 0 ? Optional.empty() : offsetForTime(max);
    }

}
