package io.taffrail.broker.stream;

import io.taffrail.broker.message.Message;
import io.taffrail.log.spi.ReadableLog;
import io.taffrail.log.spi.WritableLog;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The log behind a stream, as its virtual host uses it. Owner thread of the host only. */
public interface StreamLog {

    /** The log that consumers read. */
    ReadableLog log();

    /** The ways in which a message is added, which differ where the log has another owner. */
    enum Way {
        /** Published to this stream alone. */
        ALONE,
        /** Also published to other queues: stored with them or not at all. */
        WITH_OTHERS,
        /** Moved from elsewhere: stored even if this turn is refused. */
        MOVED
    }

    /** Whether the log accepts this message, apart from space. */
    boolean takes(Message message);

    /** Adds a message to this turn; false if the log does not accept it or its outbox is full. */
    boolean add(Message message, long nowMs, Way way);

    /**
     * Whether no message can be {@linkplain Way#MOVED moved} here now; it has to stay in its
     * source.
     */
    boolean mustWait();

    /**
     * Whether the log has another owner, so that {@link #add} does not store in this turn's commit.
     */
    boolean isElsewhere();

    /**
     * Sends a message to the other owner; completes on the host's thread with true when it is
     * durable there, and with false when it is not or when that is unknown.
     */
    CompletableFuture<Boolean> send(Message message, long nowMs);

    /** First offset behind all messages known to be added. */
    long end();

    /**
     * Runs {@code then} when all messages known to be added are readable or have failed; perhaps
     * during the call.
     */
    void whenReadable(Runnable then);

    /** Calls {@code advanced} whenever more is readable, until {@link #unfollow}. */
    void follow(Runnable advanced);

    /** Sets the listener that is told when the state of the log is in doubt. */
    void onFailed(Consumer<Throwable> listener);

    /** Ends the calls of {@link #follow}, while the stream has no readers. */
    void unfollow();

    /** The log for other components to read and append to, if it belongs to the host. */
    Optional<WritableLog> own();

    /**
     * Takes the log out of use because another replaces it; messages {@linkplain Way#MOVED moved}
     * here are still stored.
     */
    void retire();

    /** Closes the log, and runs all waiting tasks. */
    void close();
}
