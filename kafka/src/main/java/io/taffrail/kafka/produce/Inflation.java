package io.taffrail.kafka.produce;

import io.taffrail.broker.topic.CompressionType;
import io.taffrail.broker.topic.Intake;

/**
 * How far the records of a compressed batch may be decompressed. A batch of few bytes is not to
 * cost
 * the time of many, nor become more than its topic takes.
 *
 * @param maxBytes
 *            most bytes, unless the topic takes larger batches
 * @param maxRatio
 *            most bytes for each byte of the batch, beyond {@link #ANY_RATIO_BYTES}
 */
public record Inflation(int maxBytes, int maxRatio) {

    /** So much is taken whatever the ratio, and whatever else the topic takes. */
    private static final int ANY_RATIO_BYTES = 4 << 20;
    /** On an event loop: at most so much, and so many bytes for each byte of the batch. */
    private static final int LOOP_BYTES = 1 << 20;
    private static final int LOOP_SMALL_BYTES = 64 << 10;
    private static final int LOOP_RATIO = 32;

    /** What a batch of so many bytes may become. */
    long limit(int batchBytes, Intake intake) {
        if (intake.compression() == CompressionType.UNCOMPRESSED) {
            return intake.maxMessageBytes();
        }
        long most = Math.max(maxBytes, intake.maxMessageBytes());
        return Math.min(most, Math.max(Math.max(ANY_RATIO_BYTES, intake.maxMessageBytes()),
                (long) maxRatio * batchBytes));
    }

    /** What of that is done on an event loop, with other clients waiting. */
    static long loopLimit(int batchBytes) {
        return Math.min(LOOP_BYTES, Math.max(LOOP_SMALL_BYTES, (long) LOOP_RATIO * batchBytes));
    }
}
