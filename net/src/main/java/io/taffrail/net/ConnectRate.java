package io.taffrail.net;

/** A token bucket that holds ten seconds' worth of events and refills evenly. Not thread-safe. */
final class ConnectRate {

    private static final int BURST_S = 10;
    private static final double MS_PER_S = 1000.0;

    private final double perSecond;
    private double left;
    private long filledMs;

    ConnectRate(int perSecond, long nowMs) {
        this.perSecond = perSecond;
        this.left = perSecond * (double) BURST_S;
        this.filledMs = nowMs;
    }

    boolean available(long nowMs) {
        if (nowMs > filledMs) {
            left = Math.min(perSecond * BURST_S, left + (nowMs - filledMs) / MS_PER_S * perSecond);
        }
        filledMs = nowMs;
        return left >= 1;
    }

    /** Takes a token. Call only after {@link #available} returned true. */
    void take() {
        assert left >= 1 : "no token left";
        left--;
    }

    /** True if the bucket is full. */
    boolean full(long nowMs) {
        return available(nowMs) && left >= perSecond * BURST_S;
    }
}
