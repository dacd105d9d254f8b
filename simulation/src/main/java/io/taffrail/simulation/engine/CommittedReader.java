package io.taffrail.simulation.engine;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.RecordView;
import io.taffrail.log.batch.RecordWalker;
import io.taffrail.log.spi.AbortedTransaction;
import io.taffrail.log.spi.LogSlice;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.ReadableLog;
import io.taffrail.log.state.EndMarker;
import io.taffrail.simulation.world.Violation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A reader of committed records: reads up to the last stable offset and drops aborted records
 * by the rules of Kafka's consumer, from the first offset of an aborted transaction to the
 * producer's next marker. It asks for few transactions at a time, so that lists end early.
 */
final class CommittedReader {

    private static final int READ_BYTES = 3_000;
    private static final int MOST_ABORTED = 2;

    private final ReadableLog log;
    private final Deque<AbortedTransaction> toCome = new ArrayDeque<>();
    private final Set<Long> aborting = new HashSet<>();
    private final List<CheckedBatches.Stored> found = new ArrayList<>();

    private CommittedReader(ReadableLog log) {
        this.log = log;
    }

    static List<CheckedBatches.Stored> read(ReadableLog log) {
        long upTo = log.lastStableOffset();
        CommittedReader reader = new CommittedReader(log);
        long offset = log.startOffset();
        long before = -1;
        while (offset < upTo && offset != before) {
            before = offset;
            offset = reader.readFrom(offset, upTo);
        }
        return reader.found;
    }

    /** Sets the transactions that overlap the next read; returns the offset at which it ends. */
    private long expectAborted(long from, long upTo) {
        List<AbortedTransaction> aborted = log.abortedTransactions(from, upTo, MOST_ABORTED);
        toCome.clear();
        aborting.clear();
        aborted.stream().sorted(Comparator.comparingLong(AbortedTransaction::firstOffset))
                .forEach(toCome::add);
        long covered = aborted.size() < MOST_ABORTED ? upTo : aborted.getLast().lastStableOffset();
        return covered > from ? Math.min(upTo, covered) : upTo;
    }

    private long readFrom(long from, long upTo) {
        long end = expectAborted(from, upTo);
        if (!(log.read(from, end, READ_BYTES, true) instanceof ReadResult.Batches batches)) {
            throw new Violation("what is stored can be read", log.id() + " at " + from);
        }
        long offset = from;
        try (LogSlice slice = batches.slice()) {
            ByteBuffer bytes = ((LogSlice.BufferSlice) slice).buffer().duplicate();
            int at = bytes.position();
            while (at < bytes.limit() && BatchHeader.isWhole(bytes, at, bytes.limit())) {
                take(bytes, at);
                offset = BatchHeader.lastOffset(bytes, at) + 1;
                at += BatchHeader.sizeBytes(bytes, at);
            }
        }
        // Compaction may have removed everything below the end.
        return offset == from ? end : offset;
    }

    private void take(ByteBuffer bytes, int at) {
        while (!toCome.isEmpty()
                && toCome.getFirst().firstOffset() <= BatchHeader.lastOffset(bytes, at)) {
            aborting.add(toCome.removeFirst().producerId());
        }
        long producer = BatchHeader.producerId(bytes, at);
        if (BatchHeader.isControl(bytes, at)) {
            if (EndMarker.read(bytes, at).type() == EndMarker.Type.ABORT) {
                aborting.remove(producer);
            }
        } else if (!BatchHeader.isTransactional(bytes, at) || !aborting.contains(producer)) {
            records(bytes, at);
        }
    }

    private void records(ByteBuffer bytes, int at) {
        try (RecordWalker records = new RecordWalker(bytes, at)) {
            while (records.hasNext()) {
                RecordView record = records.next();
                found.add(new CheckedBatches.Stored(record.offset(), text(record.key()),
                        text(record.value())));
            }
        }
    }

    private static String text(@Nullable ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(Objects.requireNonNull(bytes).duplicate()).toString();
    }
}
