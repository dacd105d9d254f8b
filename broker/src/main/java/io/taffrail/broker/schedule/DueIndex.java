package io.taffrail.broker.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * Offsets of a log by the time they are due. Those that are due soon, within about half a minute,
 * are held with their times, 16 bytes each; the others in compressed bitmaps, one for a span of
 * time that is the longer the later it is, about two bytes each or a bit where they lie close. As
 * its span nears, a bitmap is opened: the log is asked once more when each offset is due.
 */
public final class DueIndex {

    /** Says when an offset is due. */
    public interface Times {

        /** Milliseconds since 1970; less than 0 if the offset needs no more waiting. */
        long dueMs(long offset);
    }

    /** Spans of 16 s, 9 minutes, 5 hours and 6 days, as powers of two of milliseconds. */
    private static final int[] SHIFTS = {14, 19, 24, 29};

    private final DueHeap near = new DueHeap();
    private final List<TreeMap<Long, Roaring64Bitmap>> far = new ArrayList<>();
    private long farSize;

    /** An index of nothing. */
    public DueIndex() {
        for (int level = 0; level < SHIFTS.length; level++) {
            far.add(new TreeMap<>());
        }
    }

    /** Offsets in it. */
    public long size() {
        return near.size() + farSize;
    }

    /** Those of them that are held with their times. */
    public int nearSize() {
        return near.size();
    }

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

    /** When there is something to be done next; {@link Long#MAX_VALUE}: never. */
    public long nextMs() {
        long next = near.size() == 0 ? Long.MAX_VALUE : near.firstDueMs();
        for (int level = 0; level < SHIFTS.length; level++) {
            if (!far.get(level).isEmpty()) {
                next = Math.min(next, opensMs(level));
            }
        }
        return next;
    }

    /** When the first bitmap of a level is to be opened: a span before its own begins. */
    private long opensMs(int level) {
        return (far.get(level).firstKey() - 1) << SHIFTS[level];
    }

    /** Opens bitmaps whose time nears, but not more than {@code most} offsets; returns how many. */
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

    /** Whether the first one is due. */
    public boolean isDue(long nowMs) {
        return near.size() > 0 && near.firstDueMs() <= nowMs;
    }

    /** Takes the first one out; it has to be due. */
    public long removeFirst() {
        return near.removeFirst();
    }
}
