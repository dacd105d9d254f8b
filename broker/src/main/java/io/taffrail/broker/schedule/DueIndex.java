package io.taffrail.broker.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * An index of log offsets by due time. Offsets due within about half a minute are in a heap with
 * their times, 16 bytes each. Later ones are in compressed bitmaps, one for each span of time;
 * later spans are longer. They take about two bytes each, or a bit where they are dense. As its
 * span approaches, a bitmap is opened: the log is asked again for the due time of each offset.
 * Owner thread only.
 */
public final class DueIndex {

    /** The source of due times. */
    public interface Times {

        /** Due time in milliseconds since 1970; less than 0 if the offset no longer waits. */
        long dueMs(long offset);
    }

    /**
     * Spans of 16 s, 9 minutes, 5 hours and 6 days, as exponents of powers of two, in milliseconds.
     */
    private static final int[] SHIFTS = {14, 19, 24, 29};

    private final DueHeap near = new DueHeap();
    private final List<TreeMap<Long, Roaring64Bitmap>> far = new ArrayList<>();
    private long farSize;

    /** Creates an empty index. */
    public DueIndex() {
        for (int level = 0; level < SHIFTS.length; level++) {
            far.add(new TreeMap<>());
        }
    }

    /** Number of offsets. */
    public long size() {
        return near.size() + farSize;
    }

    /** Number of offsets in the heap. */
    public int nearSize() {
        return near.size();
    }

    /** Adds an offset; both times are in milliseconds since 1970. */
    public void add(long dueMs, long offset, long nowMs) {
        int level = SHIFTS.length - 1;
        while (level >= 0 && dueMs - nowMs < 2L << SHIFTS[level]) {
            level--;
        }
        if (level < 0) {
            near.add(dueMs, offset);
            return;
        }
        far.get(level).computeIfAbsent(dueMs >> SHIFTS[level], _ -> new Roaring64Bitmap())
                .addLong(offset);
        farSize++;
    }

    /**
     * Time of the next action, in milliseconds since 1970; {@link Long#MAX_VALUE} if there is none.
     */
    public long nextMs() {
        long next = near.size() == 0 ? Long.MAX_VALUE : near.firstDueMs();
        for (int level = 0; level < SHIFTS.length; level++) {
            if (!far.get(level).isEmpty()) {
                next = Math.min(next, opensMs(level));
            }
        }
        return next;
    }

    /** Time at which the first bitmap of a level is opened: one span before its own span begins. */
    private long opensMs(int level) {
        return (far.get(level).firstKey() - 1) << SHIFTS[level];
    }

    /** Opens bitmaps whose time approaches, at most {@code most} offsets; returns their number. */
    public int open(long nowMs, int most, Times times) {
        int opened = 0;
        for (int level = SHIFTS.length - 1; level >= 0; level--) {
            TreeMap<Long, Roaring64Bitmap> spans = far.get(level);
            while (opened < most && !spans.isEmpty() && opensMs(level) <= nowMs) {
                Roaring64Bitmap offsets = spans.firstEntry().getValue();
                opened += move(offsets, nowMs, most - opened, times);
                if (offsets.isEmpty()) {
                    spans.pollFirstEntry();
                }
            }
        }
        return opened;
    }

    private int move(Roaring64Bitmap offsets, long nowMs, int most, Times times) {
        int moved = 0;
        while (moved < most && !offsets.isEmpty()) {
            long offset = offsets.first();
            offsets.removeLong(offset);
            farSize--;
            moved++;
            long dueMs = times.dueMs(offset);
            if (dueMs >= 0) {
                add(dueMs, offset, nowMs);
            }
        }
        return moved;
    }

    /** Whether the first offset is due. */
    public boolean isDue(long nowMs) {
        return near.size() > 0 && near.firstDueMs() <= nowMs;
    }

    /** Removes the first offset, which must be due, and returns it. */
    public long removeFirst() {
        return near.removeFirst();
    }
}
