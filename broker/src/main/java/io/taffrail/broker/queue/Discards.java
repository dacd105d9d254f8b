package io.taffrail.broker.queue;

import io.taffrail.broker.deadletter.DeathReason;
import io.taffrail.broker.deadletter.Letter;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.longlong.LongIterator;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * Messages that a queue has given up and keeps, because they could not be placed with every queue
 * they go to. Each waits for itself: one that cannot be placed does not hold up another. Offsets
 * are in bitmaps; only of those that some target has there is more in memory, and of those there
 * are at most {@link #MAX_PARTED}. Not stored: after a restart the messages are ready again. They
 * count for the queue's length. Owner thread only.
 */
final class Discards {

    /**
     * Letters that some of their targets have and others do not, or that another owner has yet to
     * answer for; RabbitMQ's {@code dead_letter_worker_consumer_prefetch}.
     */
    static final int MAX_PARTED = 32;

    /** A look ends when so many letters in a row could not be placed. */
    private static final int MAX_REFUSALS = 32;

    /** A look ends when so many were placed, so that other work of the loop gets its turn. */
    private static final int MAX_PLACED = 1024;

    /** Tries to place a letter. */
    interface Attempt {

        /** Returns the bytes of the message's body if the letter is gone, or -1 if it stays. */
        int gone(Letter letter);
    }

    /** What a look came to. */
    enum Look {
        /** No letter waits that this look did not try in vain. */
        DONE,
        /** Some were placed. */
        PROGRESS,
        /** Some were placed, and the look has ended before all were tried. */
        UNFINISHED
    }

    private final Map<DeathReason, Roaring64Bitmap> waiting = new EnumMap<>(DeathReason.class);
    private final Map<Long, Letter> parted = new HashMap<>(0);
    private long sizeBytes;
    private long count;
    /** The next look begins here. */
    private long position;

    long count() {
        return count;
    }

    /** Bytes of the bodies. */
    long sizeBytes() {
        return sizeBytes;
    }

    /** Whether one more letter may be placed with some of its targets only. */
    boolean mayPart() {
        return parted.size() < MAX_PARTED;
    }

    void add(Letter letter, int bodyBytes) {
        waiting.computeIfAbsent(letter.reason(), _ -> new Roaring64Bitmap())
                .addLong(letter.offset());
        note(letter);
        count++;
        sizeBytes += bodyBytes;
    }

    private void note(Letter letter) {
        if (letter.isParted()) {
            parted.put(letter.offset(), letter);
        } else {
            parted.remove(letter.offset());
        }
    }

    /** Whether the letter still waits. */
    boolean has(Letter letter) {
        Roaring64Bitmap offsets = waiting.get(letter.reason());
        return offsets != null && offsets.contains(letter.offset());
    }

    /** Tries one letter that waits; returns whether it is gone. */
    boolean attempt(Letter letter, Attempt attempt) {
        int bodyBytes = attempt.gone(letter);
        if (bodyBytes < 0) {
            note(letter);
            return false;
        }
        Roaring64Bitmap offsets = waiting.get(letter.reason());
        if (offsets == null || !offsets.contains(letter.offset())) {
            throw new IllegalStateException("no letter waits at " + letter.offset());
        }
        offsets.removeLong(letter.offset());
        parted.remove(letter.offset());
        count--;
        sizeBytes = count == 0 ? 0 : sizeBytes - bodyBytes;
        return true;
    }

    /**
     * Tries those that wait, in their order, beginning behind the last one that the look before
     * tried in vain, so that each gets its turn.
     *
     * @param isFull
     *            whether the turn holds as much as one may
     */
    Look look(Attempt attempt, BooleanSupplier isFull) {
        int refusals = 0;
        int placed = 0;
        for (long left = count; left > 0; left--) {
            Letter next = next();
            position = next.offset() + 1;
            if (next.isUnderWay()) {
                continue; // The answer tries it again.
            }
            if (attempt(next, attempt)) {
                placed++;
            } else {
                refusals++;
            }
            if (refusals == MAX_REFUSALS || placed == MAX_PLACED || isFull.getAsBoolean()) {
                return placed > 0 && left > 1 ? Look.UNFINISHED : end(placed);
            }
        }
        position = 0;
        return end(placed);
    }

    private static Look end(int placed) {
        return placed > 0 ? Look.PROGRESS : Look.DONE;
    }

    /** The first letter at or behind {@link #position}, or the very first behind the last. */
    private Letter next() {
        Letter found = from(position);
        if (found == null) {
            found = from(0);
        }
        if (found == null) {
            throw new NoSuchElementException(count + " letters wait and none is found");
        }
        return found;
    }

    private @Nullable Letter from(long offset) {
        long first = Long.MAX_VALUE;
        DeathReason reason = null;
        for (Map.Entry<DeathReason, Roaring64Bitmap> each : waiting.entrySet()) {
            LongIterator offsets = each.getValue().getLongIteratorFrom(offset);
            if (offsets.hasNext()) {
                long candidate = offsets.next();
                if (candidate < first) {
                    first = candidate;
                    reason = each.getKey();
                }
            }
        }
        if (reason == null) {
            return null;
        }
        Letter known = parted.get(first);
        return known != null ? known : new Letter(first, reason);
    }
}
