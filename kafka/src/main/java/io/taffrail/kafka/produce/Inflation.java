package io.taffrail.kafka.produce;

import io.taffrail.broker.topic.CompressionType;
import io.taffrail.broker.topic.IntakeRules;

/**
 * Limit on the decompression of a batch. A small batch must not cost the time of a large one, nor
 * become larger than its topic accepts.
 *
 * @param maxBytes
 *            maximum decompressed bytes, unless the topic accepts larger batches
 * @param maxRatio
 *            maximum decompressed bytes for each byte of the batch, beyond {@link #ANY_RATIO_BYTES}
 */
public record Inflation(int maxBytes, int maxRatio) {

    /** Decompressed bytes that are accepted at any ratio. */
    private static final int ANY_RATIO_BYTES = 4 << 20;
    /** Limits on an event loop: a maximum, a minimum that any batch may reach, and a ratio. */
    private static final int LOOP_BYTES = 1 << 20;
    private static final int LOOP_SMALL_BYTES = 64 << 10;
    private static final int LOOP_RATIO = 32;

    /** Maximum decompressed size of a batch of {@code batchBytes}, in bytes. */
    long limit(int batchBytes, IntakeRules intake) {
        if (intake.compression() == CompressionType.UNCOMPRESSED) {
            return intake.maxMessageBytes();
        }
        long most = Math.max(maxBytes, intake.maxMessageBytes());
        return Math.min(most, Math.max(Math.max(ANY_RATIO_BYTES, intake.maxMessageBytes()),
                (long) maxRatio * batchBytes));
    }

    /** Maximum decompressed bytes on an event loop, where other clients wait. */
    static long loopLimit(int batchBytes) {
        return Math.min(LOOP_BYTES, Math.max(LOOP_SMALL_BYTES, (long) LOOP_RATIO * batchBytes));
    }
}
