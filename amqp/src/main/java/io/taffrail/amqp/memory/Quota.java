package io.taffrail.amqp.memory;

import io.taffrail.amqp.codec.AmqpException;
import io.taffrail.amqp.codec.ReplyCode;

/** A bound of what all channels of a connection together hold of one kind. */
public final class Quota {

    private final HeldMemory memory;
    private final long mostBytes;
    private final ReplyCode code;
    private final String what;
    private long bytes;

    /**
     * @param code
     *            what the client is told when it takes more
     * @param what
     *            what holds the bytes, as the client is told
     */
    public Quota(HeldMemory memory, long mostBytes, ReplyCode code, String what) {
        this.memory = memory;
        this.mostBytes = mostBytes;
        this.code = code;
        this.what = what;
    }

    /**
     * Takes more.
     *
     * @throws AmqpException
     *             if that is too much; then nothing was taken
     */
    public void take(long more) {
        if (bytes + more > mostBytes) {
            throw new AmqpException(code, what + " more than " + mostBytes + " bytes");
        }
        bytes += more;
        memory.add(more);
    }

    /** Gives back what was taken. */
    public void give(long less) {
        bytes -= less;
        memory.remove(less);
    }

    public HeldMemory memory() {
        return memory;
    }
}
