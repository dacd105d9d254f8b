package io.taffrail.broker.outbox;

import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.schedule.Steps;
import io.taffrail.broker.turn.LogReplay;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.spi.LogSlice;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.ReadableLog;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A reader of outbox entries, batch by batch, which verifies checksums. Damaged entries are
 * skipped: they are lost, and do not keep others from their destination. Not thread-safe.
 */
final class OutboxReader {

    private static final Logger LOG = LoggerFactory.getLogger(OutboxReader.class);

    /** A receiver of scanned entries. */
    interface Found {
        void entry(long offset, LogId to);
    }

    private final ReadableLog log;

    OutboxReader(ReadableLog log) {
        this.log = log;
    }

    /**
     * Returns a scan of all readable entries in steps, which throws {@link LogFailedException} if
     * the log cannot be read.
     */
    Steps.Work scan(Found found) {
        Scan scan = new Scan(0, found);
        return scan::goOn;
    }

    /**
     * Scans the readable entries at and above {@code from}, in one task.
     *
     * @throws LogFailedException
     *             if the log cannot be read
     */
    void scanNow(long from, Found found) {
        Scan scan = new Scan(from, found);
        while (scan.next < scan.end) {
            scan.readOn();
        }
    }

    private final class Scan {

        private final Found found;
        private final long end = log.durableEnd();
        private long next;
        private int entries;
        private long bytes;

        Scan(long from, Found found) {
            this.next = Math.max(from, log.startOffset());
            this.found = found;
        }

        boolean goOn(Budget budget) {
            while (next < end && !budget.isSpent()) {
                entries = 0;
                bytes = 0;
                readOn();
                budget.spend(entries, bytes);
            }
            return next >= end;
        }

        /** Reads on, and counts the entries and bytes read. */
        private void readOn() {
            long before = next;
            switch (log.readVerified(next)) {
                case ReadResult.Batches(LogSlice slice) -> {
                    bytes += slice.sizeBytes();
                    next = walk(slice, before);
                }
                case ReadResult.Damaged damage -> {
                    next = damage.nextOffset();
                    LOG.error("OBX-007 what {} holds at offsets {} to {} is damaged and lost: {}",
                            log.id(), damage.offset(), next - 1, damage.detail());
                }
                case ReadResult.OutOfRange _ -> next = before;
                case ReadResult.Unreadable(String detail) -> throw unreadable(before, detail);
            }
            if (next <= before) {
                throw new LogFailedException(log.id() + " is cut short at " + before);
            }
        }

        private long walk(LogSlice slice, long from) {
            try (slice) {
                return LogReplay.walk(bytes(slice, from), from, record -> {
                    entries++;
                    found.entry(record.offset(), OutboxEntry.decode(log.id(), record).to());
                });
            }
        }
    }

    private ByteBuffer bytes(LogSlice slice, long offset) {
        if (slice instanceof LogSlice.BufferSlice memory) {
            return memory.buffer().duplicate();
        }
        throw unreadable(offset, "it is not in memory");
    }

    private LogFailedException unreadable(long offset, String detail) {
        return new LogFailedException(log.id() + " cannot be read at " + offset + ": " + detail);
    }

    /**
     * The entry at {@code offset}, in a buffer of its own; empty if it is damaged.
     *
     * @throws LogFailedException
     *             if the log cannot be read
     */
    Optional<OutboxEntry> read(long offset) {
        return switch (log.readVerified(offset)) {
            case ReadResult.Batches(LogSlice slice) -> Optional.of(find(slice, offset));
            case ReadResult.Damaged damage -> {
                LOG.error("OBX-007 the entry of {} at offset {} is damaged and lost: {}", log.id(),
                        offset, damage.detail());
                yield Optional.empty();
            }
            case ReadResult.OutOfRange _ -> throw unreadable(offset, "it is not there");
            case ReadResult.Unreadable(String detail) -> throw unreadable(offset, detail);
        };
    }

    private OutboxEntry find(LogSlice slice, long offset) {
        OutboxEntry[] entry = new OutboxEntry[1];
        try (slice) {
            ByteBuffer held = bytes(slice, offset);
            ByteBuffer own = ByteBuffer.allocate(held.remaining()).put(held).flip();
            long next = LogReplay.walk(own, offset, record -> {
                if (record.offset() == offset) {
                    entry[0] = OutboxEntry.decode(log.id(), record);
                }
            });
            OutboxEntry found = entry[0];
            if (found == null) {
                throw unreadable(offset, "it goes on at " + next);
            }
            return found;
        }
    }
}
