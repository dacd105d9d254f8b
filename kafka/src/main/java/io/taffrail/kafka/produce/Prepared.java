package io.taffrail.kafka.produce;

import io.taffrail.log.batch.BatchCheck;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Result of the checks of one batch. */
sealed interface Prepared {

    /**
     * The batch may be appended.
     *
     * @param batch
     *            the client's batch or its converted copy
     * @param logAppendTimeMs
     *            the broker's time that the batch was stamped with, or -1
     */
    record Accepted(ByteBuffer batch, long logAppendTimeMs) implements Prepared {}

    /**
     * The batch is refused.
     *
     * @param records
     *            the invalid records, if the refusal is about single records
     */
    record Rejected(Errors error, @Nullable String message,
            List<BatchIndexAndErrorMessage> records) implements Prepared {

        Rejected(Errors error, @Nullable String message) {
            this(error, message, List.of());
        }
    }

    /**
     * The check takes too long for an event loop.
     *
     * @param mostBytes
     *            maximum number of bytes that the check reads or decompresses
     */
    record Later(long mostBytes) implements Prepared {}

    /**
     * The batch is valid and is to be compressed anew.
     *
     * @param heapBytes
     *            maximum number of bytes of the heap that this takes
     */
    record Unconverted(BatchCheck.Valid valid, long heapBytes) implements Prepared {}
}
