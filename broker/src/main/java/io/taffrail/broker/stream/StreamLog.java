package io.taffrail.broker.stream;

import io.taffrail.broker.message.Message;
import io.taffrail.log.spi.ReadableLog;
import io.taffrail.log.spi.WritableLog;
import java.util.Optional;
import java.util.function.Consumer;

/** The log behind a stream, as its virtual host uses it. Owner thread of the host only. */
public interface StreamLog {

    /** What is read. */
    ReadableLog log();

    /** Takes a message into this turn; false if the log does not take such a message. */
    boolean add(Message message, long nowMs);

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

    /** Stops; whoever waits goes on. */
    void close();
}
