package io.taffrail.broker.outbox;

import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A log that takes messages out of outboxes. */
public interface Destination {

    /** A batch as it may be appended. */
    sealed interface Admission {

        /** All of it. */
        record Whole() implements Admission {}

        /**
         * Not all of its messages are taken, ever.
         *
         * @param rest
         *            the others, position to limit; empty if there are none
         */
        record Reduced(Optional<ByteBuffer> rest, int dropped, String why) implements Admission {}

        /** Nothing is taken now, but may be later. */
        record NotNow(String why) implements Admission {}
    }

    WritableLog log();

    Owner owner();

    /** What of the batch the log takes as of now; on the owner's thread. */
    Admission admit(ByteBuffer batch);

    /** The log's handle is dead, and has to be opened anew. */
    void failed();
}
