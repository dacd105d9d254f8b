package io.taffrail.log.local;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.local.segment.DamageSearch;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The reader of one log, over immutable views. Thread-safe. */
final class LogReader {

    private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);
    private static final int STALE_VIEWS = 2;
    private static final LogSlice EMPTY = new LogSlice.BufferSlice(ByteBuffer.allocate(0),
            () -> {});

    /**
     * A known start of a batch. A reader at the log's end often continues where
     * another reader stopped.
     */
    private record Hint(long offset, Segment segment, int position) {}

    private final LogId id;
    private final Supplier<LogView> views;
    private volatile @Nullable Hint tail;
    /** Next offset after the damaged range that was logged last. */
    private final AtomicLong toldDamage = new AtomicLong(-1);

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
            // Retention or compaction may have removed a segment between taking the
            // view and reading.
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
            return damaged(offset, offset + 1, String.valueOf(e.getMessage()));
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

    /** Returns a range as damaged; logs it once, however many readers reach it. */
    private ReadResult damaged(long offset, long nextOffset, String detail) {
        if (nextOffset != toldDamage.getAndSet(nextOffset)) {
            LOG.error("LOG-002 {} is damaged from offset {} to {}: {}; records there are lost,"
                    + " the rest of the log can be read", id, offset, nextOffset - 1, detail);
        }
        return new ReadResult.Damaged(offset, nextOffset, detail);
    }

    /** Reads one batch and verifies its checksum; see {@code ReadableLog.readVerified}. */
    ReadResult readVerified(long offset) {
        ReadResult result = readVerified(views.get(), offset);
        for (int tries = 0; result instanceof ReadResult.Unreadable
                && tries < STALE_VIEWS; tries++) {
            result = readVerified(views.get(), offset);
        }
        return result;
    }

    private ReadResult readVerified(LogView view, long offset) {
        if (offset < view.startOffset() || offset > view.durableEnd()) {
            return new ReadResult.OutOfRange(view.startOffset(), view.durableEnd());
        }
        try {
            for (int i = view.indexFor(offset); i <= view.durableSegment(); i++) {
                DamageSearch.Place place = view.segments()[i].locateSound(offset,
                        view.readableBytes(i), view.endOffset(i));
                switch (place) {
                    case DamageSearch.Place.Sound(int _, ByteBuffer batch) -> {
                        return new ReadResult.Batches(
                                new LogSlice.BufferSlice(batch, () -> {}));
                    }
                    case DamageSearch.Place.Lost(long nextOffset, String detail) -> {
                        return damaged(offset, nextOffset, detail);
                    }
                    case DamageSearch.Place.Behind _ -> {
                    }
                }
            }
            return new ReadResult.Batches(EMPTY);
        } catch (IOException e) {
            return failedRead(e, offset);
        }
    }

    private ReadResult readFrom(LogView view, long offset, long upTo, int maxBytes,
            boolean oneAtLeast)
            throws IOException {
        for (int i = view.indexFor(offset); i <= view.durableSegment(); i++) {
            Segment segment = view.segments()[i];
            int limit = view.readableBytes(i);
            int from;
            try {
                from = position(segment, offset, limit);
                if (from >= limit) {
                    requireEnd(view, i, offset);
                    continue;
                }
            } catch (LogFailedException | IOException e) {
                if (e instanceof NoSuchFileException gone) {
                    throw gone;
                }
                LOG.debug("{} at offset {}: looking for what is sound", id, offset, e);
                switch (segment.locateSound(offset, limit, view.endOffset(i))) {
                    case DamageSearch.Place.Sound(int position, ByteBuffer _) -> from = position;
                    case DamageSearch.Place.Lost(long nextOffset, String detail) -> {
                        return damaged(offset, nextOffset, detail);
                    }
                    case DamageSearch.Place.Behind _ -> {
                        continue;
                    }
                }
            }
            int end = upTo < view.durableEnd() ? endAt(segment, upTo, from, limit) : limit;
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

    /**
     * Returns the position where a read up to an offset ends; if damage hides that position, the
     * end of the first batch.
     */
    private static int endAt(Segment segment, long upTo, int from, int limit)
            throws IOException {
        try {
            return segment.locate(upTo, limit);
        } catch (LogFailedException e) {
            LOG.debug("{}: no end at offset {}", segment.path(), upTo, e);
            return Math.min(limit, from + segment.batchSize(from));
        }
    }

    /**
     * Returns the bytes to read; 0 rather than a part of the first batch, which no
     * consumer can use.
     */
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

    /**
     * Fails if a segment that was never compacted has no batch with the offset: its batches must be
     * contiguous up to the end.
     */
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
            ByteBuffer header = segment.readHeader(position, limit);
            Optional<TimedOffset> found = TimeSearch.firstAtOrAfter(segment, header, position,
                    limit, timestampMs, view.startOffset());
            if (found.isPresent()) {
                return found;
            }
            position += BatchHeader.sizeBytes(header, 0);
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
