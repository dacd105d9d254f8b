package io.taffrail.broker;

import org.jspecify.annotations.Nullable;

/**
 * The memory that definitions use: of all virtual hosts and users together, or, as a
 * {@link #part}, of one virtual host. Exchanges, queues, bindings, policies and users stay in
 * memory with their arguments, and any number of them may be declared. Sizes are estimates from
 * names and arguments, in bytes. Definitions loaded at a start are counted but never refused. Safe
 * for any thread; objects declared at the same moment on several threads may exceed the limit by
 * their own size.
 */
public final class DefinitionSpace {

    /** Bytes of an object and its map entries, without its name and arguments. */
    private static final int OBJECT_BYTES = 512;

    /**
     * Number of copies of names and arguments: as sent, as parsed, and in the metadata store.
     */
    private static final int COPIES = 4;

    private final long limitBytes;
    private final @Nullable DefinitionSpace whole;
    private long heldBytes;
    private boolean closed;

    /** Creates a space of its own, with a limit in bytes. */
    public DefinitionSpace(long limitBytes) {
        this(limitBytes, null);
    }

    private DefinitionSpace(long limitBytes, @Nullable DefinitionSpace whole) {
        this.limitBytes = limitBytes;
        this.whole = whole;
    }

    /** The space of a broker: a quarter of the heap. */
    public static DefinitionSpace ofHeap() {
        return new DefinitionSpace(Runtime.getRuntime().maxMemory() / 4);
    }

    /** A part that may take half of this space. What it holds counts here too. */
    public DefinitionSpace part() {
        return new DefinitionSpace(limitBytes / 2, this);
    }

    /** The estimated bytes of an object whose name and arguments have this length. */
    public static long bytes(long length) {
        return OBJECT_BYTES + COPIES * length;
    }

    /**
     * Checks that {@code bytes} more may be declared; a negative number always may.
     *
     * @param object
     *            names the object in the error text
     * @throws BrokerException
     *             {@link BrokerError#OBJECT_LIMIT_REACHED} if the limit would be exceeded
     */
    public void check(long bytes, String object) {
        synchronized (this) {
            if (bytes > 0 && heldBytes + bytes > limitBytes) {
                throw new BrokerException(BrokerError.OBJECT_LIMIT_REACHED, "cannot declare "
                        + object + ": limit of " + limitBytes
                        + " bytes for definitions is reached");
            }
        }
        if (whole != null) {
            whole.check(bytes, object);
        }
    }

    /** Counts a new object. */
    public void added(long bytes) {
        synchronized (this) {
            heldBytes += bytes;
            if (whole != null && !closed) {
                whole.added(bytes);
            }
        }
    }

    /** Discounts a deleted object. */
    public void removed(long bytes) {
        added(-bytes);
    }

    /** Discounts in the whole all that this part holds, now and later. */
    public synchronized void close() {
        if (whole != null && !closed) {
            whole.removed(heldBytes);
        }
        closed = true;
    }

    public synchronized long heldBytes() {
        return heldBytes;
    }
}
