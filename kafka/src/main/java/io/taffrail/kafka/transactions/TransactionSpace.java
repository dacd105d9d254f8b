package io.taffrail.kafka.transactions;

import io.taffrail.broker.schedule.TimeSource;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limit on the memory that clients may fill with transactional ids and partitions of transactions,
 * over all shards. Safe for any thread.
 */
final class TransactionSpace {

    private static final Logger LOG = LoggerFactory.getLogger(TransactionSpace.class);

    private static final int PARTS_OF_HEAP = 16;
    private static final int NOT_SAID_AGAIN_MINUTES = 1;

    private final long limitBytes;
    private final TimeSource time;
    private long usedBytes;
    private long saidNs;

    TransactionSpace(long limitBytes, TimeSource time) {
        this.limitBytes = limitBytes;
        this.time = time;
        this.saidNs = time.nanoTime() - TimeUnit.MINUTES.toNanos(NOT_SAID_AGAIN_MINUTES);
    }

    /** Creates a limit of a sixteenth of the heap. */
    static TransactionSpace ofHeap(TimeSource time) {
        return new TransactionSpace(Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP, time);
    }

    /** Adds bytes if they fit; otherwise returns false, and says so once a minute. */
    synchronized boolean tryAdd(long bytes) {
        if (usedBytes + bytes <= limitBytes) {
            usedBytes += bytes;
            return true;
        }
        long nowNs = time.nanoTime();
        if (nowNs - saidNs >= TimeUnit.MINUTES.toNanos(NOT_SAID_AGAIN_MINUTES)) {
            saidNs = nowNs;
            LOG.warn("KAF-020 transactional ids and their partitions take {} of the {} bytes they"
                    + " may; requests that would add to them are answered with"
                    + " COORDINATOR_NOT_AVAILABLE", usedBytes, limitBytes);
        }
        return false;
    }

    /** Adds bytes of state that exists; negative for state that is gone. */
    synchronized void add(long bytes) {
        usedBytes += bytes;
    }

    synchronized long usedBytes() {
        return usedBytes;
    }
}
