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
    /** Where this round of catching up ends: what came later is for the next one. */
    private long target;
    /** Whether a round has ended that nobody has made use of yet. */
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
     * Takes in what has become readable up to now, in steps, of which each ends soon after the
     * budget is spent. After the last, {@link #first} may be asked even if the budget is spent: so
     * consumers are served however fast messages come.
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

    /** Whether the message is ready, which is all that nobody looked at and that is not settled. */
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
     * Takes out all below {@code end}, whether it was looked at or not: as pairs of first offset
     * and end.
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
