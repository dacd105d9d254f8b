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
 * The dead letters that a queue keeps, because not every target could take them. Each letter waits
 * alone: one that cannot be placed does not delay another. Offsets are kept in bitmaps; more state
 * is kept only for letters that some targets have already, at most {@link #MAX_PARTED} of them. Not
 * stored: after a restart these messages are ready again. They count towards the length of the
 * queue. Owner thread only.
 */
final class Discards {

    /**
     * Most letters that only some of their targets have, or for which another owner's answer is
     * outstanding; as RabbitMQ's {@code dead_letter_worker_consumer_prefetch}.
     */
    static final int MAX_PARTED = 32;

    /** A look ends after this many letters in a row that could not be placed. */
    private static final int MAX_REFUSALS = 32;

    /** A look ends after this many placed letters, so that other work of the loop gets its turn. */
    private static final int MAX_PLACED = 1024;

    /** Tries to place a letter. */
    interface Attempt {

        /**
         * Returns the size of the message body in bytes if the letter was placed, or -1 if it
         * stays.
         */
        int gone(Letter letter);
    }

    /** Outcome of one look at the waiting letters. */
    enum Look {
        /** No letter could be placed. */
        DONE,
        /** Some letters were placed. */
        PROGRESS,
        /** Some letters were placed, and the look ended before all were tried. */
        UNFINISHED
    }

    private final Map<DeathReason, Roaring64Bitmap> waiting = new EnumMap<>(DeathReason.class);
    private final Map<Long, Letter> parted = new HashMap<>(0);
    private long sizeBytes;
    private long count;
    /** Offset at which the next look begins. */
    private long position;

    long count() {
        return count;
    }

    /** Whether a message waits here. */
    boolean contains(long offset) {
        return count > 0 && waiting.values().stream().anyMatch(it -> it.contains(offset));
    }

    /** Bytes of the bodies of all waiting messages. */
    long sizeBytes() {
        return sizeBytes;
    }

    /** Whether one more letter may be placed with only some of its targets. */
    boolean mayPart() {
        return parted.size() < MAX_PARTED;
    }

    /** Keeps a letter whose message has a body of this size. */
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

    /** Whether the letter is still waiting. */
    boolean has(Letter letter) {
        Roaring64Bitmap offsets = waiting.get(letter.reason());
        return offsets != null && offsets.contains(letter.offset());
    }

    /** Tries one waiting letter; true if it was placed. */
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
     * Tries waiting letters in order, starting after the last one that the previous look failed to
     * place, so that each letter gets its turn.
     *
     * @param isFull
     *            whether the turn has reached its size
     */
    Look look(Attempt attempt, BooleanSupplier isFull) {
        int refusals = 0;
        int placed = 0;
        for (long left = count; left > 0; left--) {
            Letter next = next();
            position = next.offset() + 1;
            if (next.isUnderWay()) {
                continue; // Tried again when the other owner answers.
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

    /**
     * The first letter at or above {@link #position}; behind the last letter, the very first one.
     */
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
