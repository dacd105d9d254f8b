package io.taffrail.amqp.memory;

import io.taffrail.amqp.codec.AmqpException;
import io.taffrail.amqp.codec.ReplyCode;

/**
 * Limit, in bytes, on one kind of memory that all channels of a connection hold together.
 * On the connection's loop only.
 */
public final class Quota {

    private final HeldMemory memory;
    private final long mostBytes;
    private final ReplyCode code;
    private final String what;
    private long bytes;

    /**
     * @param code
     *            reply code when the limit is exceeded
     * @param what
     *            subject and verb of the error text, such as "transactions of this connection hold"
     */
    public Quota(HeldMemory memory, long mostBytes, ReplyCode code, String what) {
        this.memory = memory;
        this.mostBytes = mostBytes;
        this.code = code;
        this.what = what;
    }

    /**
     * Takes {@code more} bytes.
     *
     * @throws AmqpException
     *             if the limit would be exceeded; then nothing was taken
     */
    public void take(long more) {
        if (bytes + more > mostBytes) {
            throw new AmqpException(code, what + " more than " + mostBytes + " bytes");
        }
        bytes += more;
        memory.add(more);
    }

    /** Gives back {@code less} bytes. */
    public void give(long less) {
        bytes -= less;
        memory.remove(less);
    }

    /** The accounting that {@link #take} and {@link #give} charge. */
    public HeldMemory memory() {
        return memory;
    }
}
