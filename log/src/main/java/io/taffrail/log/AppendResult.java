package io.taffrail.log;

import java.util.concurrent.CompletableFuture;

/** What became of an append. */
public sealed interface AppendResult {

    /**
     * The batch has its offsets.
     *
     * @param baseOffset
     *            offset of its first record
     * @param lastOffset
     *            offset of its last record
     * @param durable
     *            completes, on the owner's thread and in offset order, when the batch has reached
     *            the log's
     *            durability and is readable; fails with {@link LogFailedException} when that will
     *            never be
     *            known
     */
    record Stored(long baseOffset, long lastOffset,
            CompletableFuture<Void> durable) implements AppendResult {}

    /**
     * The producer had sent the very batch before; nothing was stored.
     *
     * @param baseOffset
     *            where its first record is stored
     * @param lastOffset
     *            where its last record is stored
     * @param timestampMs
     *            largest timestamp of the batch as stored
     * @param durable
     *            as for {@link Stored}, of the batch first sent
     */
    record Duplicate(long baseOffset, long lastOffset, long timestampMs,
            CompletableFuture<Void> durable)
            implements
                AppendResult {}

    /**
     * Nothing was stored.
     *
     * @param reason
     *            what the caller translates
     * @param detail
     *            for a person
     */
    record Refused(Refusal reason, String detail) implements AppendResult {}
}
