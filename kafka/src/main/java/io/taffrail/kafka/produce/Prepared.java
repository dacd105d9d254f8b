package io.taffrail.kafka.produce;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** What a batch is after the checks its topic asks for. */
sealed interface Prepared {

    /**
     * May be appended.
     *
     * @param batch
     *            the client's, or one made of it
     * @param logAppendTimeMs
     *            the broker's time stamped on it, or -1
     */
    record Accepted(ByteBuffer batch, long logAppendTimeMs) implements Prepared {}

    /**
     * Is refused.
     *
     * @param records
     *            which records are to blame, if any are
     */
    record Rejected(Errors error, @Nullable String message,
            List<BatchIndexAndErrorMessage> records) implements Prepared {

        Rejected(Errors error, @Nullable String message) {
            this(error, message, List.of());
        }
    }

    /**
     * Takes longer than an event loop may be kept.
     *
     * @param mostBytes
     *            that are read or decompressed
     */
    record Later(long mostBytes) implements Prepared {}
}
