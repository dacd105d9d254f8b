package io.taffrail.broker.outbox;

import io.taffrail.broker.turn.LogReplay;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.spi.ReadableLog;
import java.nio.ByteBuffer;

/** Reads entries out of an outbox. One thread. */
final class OutboxReader {

    private static final int SCAN_BYTES = 1 << 20;

    /** Takes what a scan finds. */
    interface Found {
        void entry(long offset, LogId to);
    }

    private final ReadableLog log;

    OutboxReader(ReadableLog log) {
        this.log = log;
    }

    /** Passes on every entry that is readable. */
    void scan(Found found) {
        long next = log.startOffset();
        while (next < log.durableEnd()) {
            ByteBuffer batches = LogReplay.batches(log, next, SCAN_BYTES);
            long before = next;
            next = LogReplay.walk(batches, next, record -> found.entry(record.offset(),
                    OutboxEntry.decode(log.id(), record).to()));
            if (next == before) {
                throw new LogFailedException(log.id() + " is cut short at " + before);
            }
        }
    }

    /**
     * The entry at {@code offset}.
     *
     * @throws LogFailedException
     *             if it cannot be read
     */
    OutboxEntry read(long offset) {
        ByteBuffer batches = LogReplay.batches(log, offset, 1);
        OutboxEntry[] entry = new OutboxEntry[1];
        long next = LogReplay.walk(batches, offset, record -> {
            if (record.offset() == offset) {
                entry[0] = OutboxEntry.decode(log.id(), record);
            }
        });
        OutboxEntry found = entry[0];
        if (found == null) {
            throw new LogFailedException(
                    log.id() + " has nothing at " + offset + ", and goes on at " + next);
        }
        return found;
    }
}
