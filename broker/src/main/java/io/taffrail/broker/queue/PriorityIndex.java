package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.AckCursor;
import io.taffrail.broker.cursor.OffsetRanges;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.message.RecordCursor;
import io.taffrail.broker.schedule.Budget;
import java.util.Arrays;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * The ready messages of a queue with priorities: one compressed bitmap of offsets for each level.
 * Not stored: it is built from the log after a restart. A message without a priority has level 0; a
 * priority above the maximum counts as the maximum. Owner thread only.
 */
final class PriorityIndex {

    private final Roaring64Bitmap[] levels;
    private final ReadWindow window;
    private final AckCursor cursor;
    private final LostRanges lost;
    private long indexed;
    /** Where this round of reading ends; messages added later belong to the next round. */
    private long target;
    /** Whether a round has ended and its result has not been used yet. */
    private boolean fresh;

    PriorityIndex(int maxPriority, ReadWindow window, AckCursor cursor, LostRanges lost) {
        this.lost = lost;
        this.levels = new Roaring64Bitmap[maxPriority + 1];
        Arrays.setAll(levels, _ -> new Roaring64Bitmap());
        this.window = window;
        this.cursor = cursor;
        this.indexed = cursor.floor();
    }

    /**
     * Indexes the messages readable by now, in steps that end soon after the budget is spent. After
     * the last step {@link #first} may be called even if the budget is spent, so that consumers are
     * served however fast messages arrive.
     *
     * @param end
     *            first offset that is not readable yet
     * @return whether that was the last step
     */
    boolean catchUp(long end, Budget budget) {
        if (fresh) {
            fresh = false;
            return true;
        }
        if (indexed >= target) {
            target = end;
        }
        while (indexed < target) {
            if (budget.isSpent()) {
                return false;
            }
            takeIn(budget);
        }
        fresh = budget.isSpent();
        return true;
    }

    private void takeIn(Budget budget) {
        long next = cursor.nextUnsettled(indexed);
        boolean found = next < target && window.seek(next) && window.message().offset() < target;
        RecordCursor message = window.message();
        long upTo = found ? message.offset() : target;
        indexLost(upTo);
        indexed = upTo;
        if (found) {
            if (!cursor.isSettled(upTo)) {
                add(message);
            }
            indexed = upTo + 1;
            budget.spend(message.bodyBytes());
        }
    }

    /**
     * Indexes damaged messages below {@code end}, so that {@link #first} finds them and the reader
     * can skip them.
     */
    private void indexLost(long end) {
        while (!lost.isEmpty() && lost.nextFrom(indexed) < end) {
            long offset = lost.nextFrom(indexed);
            if (!cursor.isSettled(offset)) {
                levels[0].addLong(offset);
            }
            indexed = offset + 1;
        }
    }

    /** The first offset of the highest level, or -1 if there is none. */
    long first() {
        for (int level = levels.length - 1; level >= 0; level--) {
            if (!levels[level].isEmpty()) {
                return levels[level].first();
            }
        }
        return -1;
    }

    /** Adds a ready message. */
    void add(RecordCursor message) {
        levels[level(message)].addLong(message.offset());
    }

    /** Removes a message that is no longer ready. */
    void remove(RecordCursor message) {
        levels[level(message)].removeLong(message.offset());
    }

    /** Removes a message from whatever level it is in, because it cannot be read. */
    void remove(long offset) {
        for (Roaring64Bitmap level : levels) {
            level.removeLong(offset);
        }
    }

    /** Whether the message is ready; a message not indexed yet is ready if it is not settled. */
    boolean contains(long offset) {
        if (offset >= indexed) {
            return true;
        }
        for (Roaring64Bitmap level : levels) {
            if (!level.isEmpty() && level.contains(offset)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Removes all ready messages below {@code end}, indexed or not, and returns them as pairs of
     * first offset and end.
     */
    long[] takeBelow(long end) {
        Roaring64Bitmap below = new Roaring64Bitmap();
        if (end > 0) {
            below.addRange(0, end);
        }
        Roaring64Bitmap taken = new Roaring64Bitmap();
        if (indexed < end) {
            taken.addRange(indexed, end);
            cursor.withoutSettled(taken);
            indexed = end;
        }
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
