package io.taffrail.log.local;

import io.taffrail.log.compact.OffsetMap;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.local.thread.Worker;
import java.io.IOException;

/**
 * One thread of the cleaner with its table of keys, which it keeps while it has work.
 * {@link #map} and {@link #release} are called on that thread, all other methods on any.
 */
final class CleanerThread {

    private final Worker worker;
    private ByteSize limit = new ByteSize(0);
    private OffsetMap map = new OffsetMap(limit);
    private volatile long reservedBytes;
    private volatile long grantedBytes;

    CleanerThread(Worker worker) {
        this.worker = worker;
    }

    Worker worker() {
        return worker;
    }

    /** Memory that the table may take. */
    long grantedBytes() {
        return grantedBytes;
    }

    void grant(long bytes) {
        grantedBytes = bytes;
    }

    /** Returns the table with room for {@code keys} keys, or for as many as the grant allows. */
    OffsetMap map(long keys) throws IOException {
        ByteSize buffer = new ByteSize(grantedBytes);
        if (!buffer.equals(limit)) {
            map.release();
            limit = buffer;
            map = new OffsetMap(buffer);
        }
        try {
            map.reserve(keys);
        } finally {
            reservedBytes = map.reservedBytes();
        }
        return map;
    }

    /** Gives up the memory of the table. */
    void release() {
        map.release();
        reservedBytes = 0;
        grantedBytes = 0;
    }

    /** Memory that the table takes. */
    long reservedBytes() {
        return reservedBytes;
    }
}
