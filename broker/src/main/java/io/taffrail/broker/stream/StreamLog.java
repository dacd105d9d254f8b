package io.taffrail.broker.stream;

import io.taffrail.broker.message.Message;
import io.taffrail.log.spi.ReadableLog;

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

    /** Calls {@code advanced} whenever more has become readable; one listener. */
    void follow(Runnable advanced);

    /** Stops; whoever waits goes on. */
    void close();
}
