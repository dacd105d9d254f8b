package io.taffrail.log;

import java.util.concurrent.CompletableFuture;

/**
 * The outcome of an append. All values are immutable; {@code durable} completes
 * on the owner's thread.
 */
public sealed interface AppendResult {

    /**
     * The batch was stored and has its offsets; {@code durable} shows when it is durable.
     *
     * @param baseOffset
     *            offset of the batch's first record
     * @param lastOffset
     *            offset of the batch's last record
     * @param durable
     *            completes, on the owner's thread and in offset order, when the batch has reached
     *            the log's durability and is readable; fails with {@link LogFailedException}
     *            when a failure leaves unknown whether the batch is stored
     */
    record Stored(long baseOffset, long lastOffset,
            CompletableFuture<Void> durable) implements AppendResult {}

    /**
     * The producer had already sent the same batch; nothing was stored.
     *
     * @param baseOffset
     *            offset at which the batch's first record is stored
     * @param lastOffset
     *            offset at which the batch's last record is stored
     * @param timestampMs
     *            largest timestamp of the stored batch, in milliseconds since the epoch
     * @param durable
     *            as for {@link Stored}, of the first copy of the batch
     */
    record Duplicate(long baseOffset, long lastOffset, long timestampMs,
            CompletableFuture<Void> durable)
            implements
                AppendResult {}

    /**
     * The append was refused; nothing was stored, except as {@link Refusal} states.
     *
     * @param reason
     *            stable reason, which a head maps to its protocol's error code
     * @param detail
     *            description for log lines and error messages; not for programs
     */
    record Refused(Refusal reason, String detail) implements AppendResult {}
}
