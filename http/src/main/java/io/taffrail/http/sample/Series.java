package io.taffrail.http.sample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The last samples of one object's numbers, in a ring. Thread-safe. A sample that equals the one
 * before shares its array, so that an idle object needs little memory.
 */
public final class Series {

    /** A number at a point in time, in milliseconds since 1970. */
    public record Point(long timeMs, long value) {}

    private static final double MS_PER_SECOND = 1000;

    private final long[] timesMs;
    private final long[][] values;
    private int next;
    private int size;

    Series(int capacity) {
        this.timesMs = new long[capacity];
        this.values = new long[capacity][];
    }

    int capacity() {
        return timesMs.length;
    }

    synchronized void add(long timeMs, long[] numbers) {
        long[] before = size == 0 ? numbers : values[at(0)];
        timesMs[next] = timeMs;
        values[next] = Arrays.equals(before, numbers) ? before : numbers;
        next = (next + 1) % timesMs.length;
        size = Math.min(size + 1, timesMs.length);
    }

    /** A series with another capacity and the same newest samples. */
    synchronized Series resized(int capacity) {
        Series other = new Series(capacity);
        for (int back = Math.min(size, capacity) - 1; back >= 0; back--) {
            other.add(timesMs[at(back)], values[at(back)]);
        }
        return other;
    }

    /** Index of the newest sample but {@code back}. */
    private int at(int back) {
        return Math.floorMod(next - 1 - back, timesMs.length);
    }

    /** Number of samples. */
    public synchronized int size() {
        return size;
    }

    /** Growth of a number per second, between the two newest samples; 0 while there are fewer. */
    public synchronized double rate(int index) {
        return size < 2 ? 0 : rate(index, at(1), at(0));
    }

    private double rate(int index, int from, int to) {
        long elapsedMs = timesMs[to] - timesMs[from];
        return elapsedMs <= 0
                ? 0
                : (values[to][index] - values[from][index]) * MS_PER_SECOND / elapsedMs;
    }

    /**
     * The number at regular times, newest first, as far back as there are samples.
     *
     * @param ageMs
     *            how far back, in milliseconds
     * @param stepMs
     *            time between two points, in milliseconds
     */
    public synchronized List<Point> points(int index, long nowMs, long ageMs, long stepMs) {
        List<Point> points = new ArrayList<>();
        int back = 0;
        for (long timeMs = nowMs / stepMs * stepMs; timeMs >= nowMs - ageMs; timeMs -= stepMs) {
            while (back < size && timesMs[at(back)] > timeMs) {
                back++;
            }
            if (back == size) {
                break;
            }
            points.add(new Point(timeMs, values[at(back)][index]));
        }
        return points;
    }
}
