package io.taffrail.bench.report;

import java.util.List;

/** Statistics over a few runs. */
public final class Stats {
    private Stats() {}

    /** Returns the median; the mean of the middle two for an even count, NaN for none. */
    public static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int count = sorted.size();
        if (count == 0) {
            return Double.NaN;
        }
        return (sorted.get((count - 1) / 2) + sorted.get(count / 2)) / 2;
    }

    /**
     * Returns the nearest-rank percentile of an ascending array.
     *
     * @param share
     *            the percentile as a fraction, above 0 and at most 1
     */
    public static long percentile(long[] ascending, double share) {
        int rank = (int) Math.ceil(share * ascending.length);
        return ascending[Math.clamp(rank - 1, 0, ascending.length - 1)];
    }
}
