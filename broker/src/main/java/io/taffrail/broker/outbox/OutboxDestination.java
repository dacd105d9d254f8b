package io.taffrail.broker.outbox;

import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A log that receives messages from outboxes. */
public interface OutboxDestination {

    /** The part of a batch that a log admits. */
    sealed interface Admission {

        /** The whole batch is admitted. */
        record Whole() implements Admission {}

        /**
         * Some messages of the batch are refused for good.
         *
         * @param rest
         *            the remaining messages, position to limit; empty if there are none
         * @param dropped
         *            number of messages refused
         * @param why
         *            the reason, for people to read
         */
        record Reduced(Optional<ByteBuffer> rest, int dropped, String why) implements Admission {}

        /** Nothing is admitted now; a later attempt may succeed. */
        record NotNow(String why) implements Admission {}
    }

    /** The log that messages are appended to; used on the {@link #owner}'s thread only. */
    WritableLog log();

    /** The owner of the log, whose inbox stores the messages. */
    Owner owner();

    /** Checks how much of the batch the log admits now. Called on the owner's thread. */
    Admission admit(ByteBuffer batch);

    /** Reports that the log's handle has failed and the log has to be reopened. */
    void failed();
}
