package io.taffrail.log.local.segment;

import io.taffrail.log.batch.BatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;

/**
 * Search for the batch with a given offset in a segment that is damaged or partly unreadable.
 * Verifies every batch it passes; behind an unsound one it searches byte by byte for the
 * next sound batch.
 *
 * <p>
 * A candidate is accepted if its checksum matches, its offsets lie between those of its neighbours,
 * and another batch or the end of the known part follows it. Bytes inside a record that look like a
 * batch are therefore not accepted. For one search on one thread.
 */
public final class DamageSearch {

    /**
     * Limit of the bytes verified per search, so that a file full of look-alikes
     * does not take hours.
     */
    private static final long BUDGET_BYTES = 256L << 20;
    private static final int PAGE_BYTES = 4096;
    private static final int WINDOW_BYTES = 64 << 10;

    /** Result of a search. */
    public sealed interface Place {

        /**
         * A sound batch at {@code position} that contains the offset, or the first one behind it.
         */
        record Sound(int position, ByteBuffer batch) implements Place {}

        /** The offset is lost; the next readable offset is {@code nextOffset}. */
        record Lost(long nextOffset, String detail) implements Place {}

        /** The segment has no batch at or behind the offset and is not damaged. */
        record Behind() implements Place {}
    }

    private final Path path;
    private final long baseOffset;
    private final boolean gaps;
    private final BatchFile.Holder holder;
    private long budget = BUDGET_BYTES;
    private String unreadable = "";

    /**
     * @param gaps
     *            true if compaction may have removed offsets
     */
    DamageSearch(Path path, long baseOffset, boolean gaps, BatchFile.Holder holder) {
        this.path = path;
        this.baseOffset = baseOffset;
        this.gaps = gaps;
        this.holder = holder;
    }

    /**
     * Finds the batch.
     *
     * @param from
     *            position of a batch at or before the offset
     * @param endOffset
     *            first offset behind {@code limit}
     */
    Place find(int from, long offset, int limit, long endOffset) throws IOException {
        OpenFiles.Handle held = holder.hold();
        try {
            return find(held, from, offset, limit, endOffset);
        } finally {
            held.release();
        }
    }

    private Place find(OpenFiles.Handle held, int from, long offset, int limit, long endOffset)
            throws IOException {
        String detail = "";
        long expected = baseOffset;
        int position = from;
        while (position < limit) {
            ByteBuffer batch = soundAt(held, position, limit, expected, endOffset);
            if (batch.limit() == 0) {
                detail = detail.isEmpty() ? damagedAt(position) : detail;
                position = resume(held, position + 1, limit, expected, endOffset);
                continue;
            }
            if (BatchHeader.lastOffset(batch, 0) >= offset) {
                boolean lost = BatchHeader.baseOffset(batch, 0) > offset
                        && offset >= baseOffset && (!gaps || !detail.isEmpty());
                return lost
                        ? new Place.Lost(BatchHeader.baseOffset(batch, 0),
                                orMissing(detail, offset))
                        : new Place.Sound(position, batch);
            }
            expected = BatchHeader.lastOffset(batch, 0) + 1;
            position += batch.limit();
        }
        boolean lost = offset < endOffset && offset >= baseOffset
                && (!gaps || !detail.isEmpty());
        return lost ? new Place.Lost(endOffset, orMissing(detail, offset)) : new Place.Behind();
    }

    /**
     * Position of the first sound batch at or behind {@code from} whose base offset is at least
     * {@code minOffset}; {@code limit} if there is none.
     */
    int resume(int from, int limit, long minOffset) throws IOException {
        OpenFiles.Handle held = holder.hold();
        try {
            return resume(held, from, limit, minOffset, Long.MAX_VALUE);
        } finally {
            held.release();
        }
    }

    private String damagedAt(int position) {
        return unreadable.isEmpty()
                ? "%s is damaged at %d: no sound batch begins there".formatted(path, position)
                : "%s cannot be read at %d: %s".formatted(path, position, unreadable);
    }

    private String orMissing(String detail, long offset) {
        return detail.isEmpty()
                ? "%s is damaged: none of its batches holds offset %d".formatted(path, offset)
                : detail;
    }

    private int resume(OpenFiles.Handle held, int from, int limit, long minOffset, long endOffset)
            throws IOException {
        int position = from;
        while (limit - position >= BatchHeader.SIZE_BYTES) {
            ByteBuffer window = read(held, position, Math.min(WINDOW_BYTES, limit - position));
            int candidates = window.limit() - BatchHeader.SIZE_BYTES + 1;
            for (int at = 0; at < candidates; at++) {
                if (mayBegin(window, at, limit - position - at, minOffset, endOffset)
                        && isConnected(held, position + at, limit, minOffset, endOffset)) {
                    return position + at;
                }
            }
            position += candidates;
        }
        return limit;
    }

    private boolean isConnected(OpenFiles.Handle held, int position, int limit, long minOffset,
            long endOffset) throws IOException {
        ByteBuffer batch = soundAt(held, position, limit, minOffset, endOffset);
        if (batch.limit() == 0) {
            return false;
        }
        int next = position + batch.limit();
        if (limit - next < BatchHeader.SIZE_BYTES) {
            return next == limit;
        }
        ByteBuffer header = read(held, next, BatchHeader.SIZE_BYTES);
        return mayBegin(header, 0, limit - next, BatchHeader.lastOffset(batch, 0) + 1, endOffset);
    }

    private static boolean mayBegin(ByteBuffer buffer, int at, int available, long minOffset,
            long endOffset) {
        if (BatchHeader.magic(buffer, at) != BatchHeader.MAGIC) {
            return false;
        }
        int length = buffer.getInt(at + 8);
        long base = BatchHeader.baseOffset(buffer, at);
        return length >= BatchHeader.SIZE_BYTES - BatchHeader.LENGTH_OVERHEAD_BYTES
                && length <= available - BatchHeader.LENGTH_OVERHEAD_BYTES
                && base >= minOffset && BatchHeader.lastOffsetDelta(buffer, at) >= 0
                && base < endOffset && BatchHeader.lastOffset(buffer, at) < endOffset;
    }

    /** Reads the batch at a position; returns an empty buffer if it is not sound. */
    private ByteBuffer soundAt(OpenFiles.Handle held, int position, int limit, long minOffset,
            long endOffset) throws IOException {
        ByteBuffer nothing = ByteBuffer.allocate(0);
        if (limit - position < BatchHeader.SIZE_BYTES) {
            return nothing;
        }
        ByteBuffer header = read(held, position, BatchHeader.SIZE_BYTES);
        if (!mayBegin(header, 0, limit - position, minOffset, endOffset)) {
            return nothing;
        }
        int size = BatchHeader.sizeBytes(header, 0);
        budget -= size;
        if (budget < 0) {
            return nothing;
        }
        ByteBuffer batch = read(held, position, size);
        return BatchHeader.isWhole(batch, 0, size) ? batch : nothing;
    }

    /** Reads a range; if that fails, page by page, with zeros for unreadable pages. */
    private ByteBuffer read(OpenFiles.Handle held, int position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        try {
            held.file().read(bytes, position);
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            unreadable = String.valueOf(e.getMessage());
            readPages(held, bytes, position, length);
        }
        return bytes.position(0).limit(length);
    }

    private void readPages(OpenFiles.Handle held, ByteBuffer bytes, int position, int length)
            throws IOException {
        for (int at = 0; at < length;) {
            int end = Math.min(length, at + PAGE_BYTES - (position + at) % PAGE_BYTES);
            try {
                held.file().read(bytes.limit(end).position(at), position + at);
            } catch (ClosedChannelException e) {
                throw e;
            } catch (IOException e) {
                unreadable = String.valueOf(e.getMessage());
                bytes.put(at, new byte[end - at]);
            }
            at = end;
        }
    }
}
