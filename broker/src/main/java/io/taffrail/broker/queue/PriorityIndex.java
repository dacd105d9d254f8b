package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.AckCursor;
import io.taffrail.broker.cursor.OffsetRanges;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.message.RecordCursor;
import java.util.Arrays;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * The ready messages of a queue with priorities, by level: a compressed bitmap of offsets for
 * each. Not stored: the log is read once more after a restart. A message without a priority has 0,
 * one with too high a priority the highest.
 */
final class PriorityIndex {

    private final Roaring64Bitmap[] levels;
    private final ReadWindow window;
    private final AckCursor cursor;
    private final LostRanges lost;
    private long indexed;

    PriorityIndex(int maxPriority, ReadWindow window, AckCursor cursor, LostRanges lost) {
        this.lost = lost;
        this.levels = new Roaring64Bitmap[maxPriority + 1];
        Arrays.setAll(levels, _ -> new Roaring64Bitmap());
        this.window = window;
        this.cursor = cursor;
        this.indexed = cursor.floor();
    }

    /** Takes in what has become readable. */
    private void catchUp() {
        while (window.seek(indexed)) {
            RecordCursor message = window.message();
            indexLost(message.offset());
            if (!cursor.isSettled(message.offset())) {
                add(message);
            }
            indexed = message.offset() + 1;
        }
        indexLost(lost.isEmpty() ? indexed : lost.endOf(indexed));
    }

    /** What is damaged below {@code end} comes up as a message that cannot be found. */
    private void indexLost(long end) {
        while (!lost.isEmpty() && lost.nextFrom(indexed) < end) {
            long offset = lost.nextFrom(indexed);
            if (!cursor.isSettled(offset)) {
                levels[0].addLong(offset);
            }
            indexed = offset + 1;
        }
    }

    /** The first message of the highest level, or -1. */
    long first() {
        catchUp();
        for (int level = levels.length - 1; level >= 0; level--) {
            if (!levels[level].isEmpty()) {
                return levels[level].first();
            }
        }
        return -1;
    }

    /** A message is ready. */
    void add(RecordCursor message) {
        levels[level(message)].addLong(message.offset());
    }

    /** A message is not ready any more. */
    void remove(RecordCursor message) {
        levels[level(message)].removeLong(message.offset());
    }

    /** Whatever its level was, which nobody can read. */
    void remove(long offset) {
        for (Roaring64Bitmap level : levels) {
            level.removeLong(offset);
        }
    }

    /** Takes out all below {@code end}: as pairs of first offset and end. */
    long[] takeBelow(long end) {
        catchUp();
        Roaring64Bitmap below = new Roaring64Bitmap();
        if (end > 0) {
            below.addRange(0, end);
        }
        Roaring64Bitmap taken = new Roaring64Bitmap();
        for (Roaring64Bitmap level : levels) {
            taken.or(level);
            level.andNot(below);
        }
        taken.and(below);
        return OffsetRanges.of(taken);
    }

    private int level(RecordCursor message) {
        return message.has(Property.PRIORITY)
                ? Math.min(levels.length - 1,
                        Properties.of(message.properties()).octet(Property.PRIORITY).orElse(0))
                : 0;
    }
}
