package io.taffrail.broker.stream;

import io.taffrail.broker.message.Message;
import io.taffrail.log.spi.ReadableLog;
import io.taffrail.log.spi.WritableLog;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The log behind a stream, as its virtual host uses it. Owner thread of the host only. */
public interface StreamLog {

    /** What is read. */
    ReadableLog log();

    /** How a message comes in, where the log may be another owner's. */
    enum Way {
        /** Published to this stream alone. */
        ALONE,
        /** Published to other queues besides: stored with them or not at all. */
        WITH_OTHERS,
        /** Taken out of another place: stored even if this turn is refused. */
        MOVED
    }

    /** Whether the log takes such a message, if it has room. */
    boolean takes(Message message);

    /** Takes a message into this turn; false if the log does not take such a message. */
    boolean add(Message message, long nowMs, Way way);

    /** Whether nothing can be {@linkplain Way#MOVED moved} here now: it stays where it is. */
    boolean mustWait();

    /** Whether another owner has the log, and {@link #add} does not store in this turn's commit. */
    boolean isElsewhere();

    /**
     * Sends a message to the other owner; completes on the host's thread with whether it is durable
     * there. False also means: nobody knows.
     */
    CompletableFuture<Boolean> send(Message message, long nowMs);

    /** First offset behind everything that is known to be in. */
    long end();

    /** Runs {@code then} when all that is known to be in is readable; at once if it is. */
    void whenReadable(Runnable then);

    /** Calls {@code advanced} whenever more has become readable, until {@link #unfollow}. */
    void follow(Runnable advanced);

    /** Sets who is told when the log is in doubt. */
    void onFailed(Consumer<Throwable> listener);

    /** Nobody reads for now. */
    void unfollow();

    /** The log for others to read and append to, where it is the host's own. */
    Optional<WritableLog> own();

    /** Another one is used from now on; what was {@linkplain Way#MOVED moved} here is stored. */
    void retire();

    /** Stops; whoever waits goes on. */
    void close();
}
