package io.taffrail.log.state;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.spi.AbortedTransaction;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The aborted transactions of stored batches, derived from the batches alone. Remembers open
 * transactions only, so it needs little memory. A transaction begins with its first batch that is
 * still stored; without one its marker ends nothing. For a single thread.
 */
public final class AbortedScan {

    /** First offset of the open transaction of each producer. */
    private final Map<Long, Long> open = new HashMap<>();
    private final TreeSet<Long> firsts = new TreeSet<>();

    /**
     * Takes the next batch of the log; returns the transaction that it aborts.
     *
     * @param buffer
     *            has the whole of a control batch; for other batches the header is enough
     */
    public Optional<AbortedTransaction> next(ByteBuffer buffer, int at) {
        long producerId = BatchHeader.producerId(buffer, at);
        if (producerId == BatchHeader.NO_PRODUCER) {
            return Optional.empty();
        }
        long offset = BatchHeader.baseOffset(buffer, at);
        if (BatchHeader.isControl(buffer, at)) {
            return ended(producerId, offset, EndMarker.read(buffer, at).type());
        }
        if (BatchHeader.isTransactional(buffer, at)
                && open.putIfAbsent(producerId, offset) == null) {
            firsts.add(offset);
        }
        return Optional.empty();
    }

    private Optional<AbortedTransaction> ended(long producerId, long offset, EndMarker.Type type) {
        Long first = type == EndMarker.Type.NONE ? null : open.remove(producerId);
        if (first == null) {
            return Optional.empty();
        }
        firsts.remove(first);
        if (type == EndMarker.Type.COMMIT) {
            return Optional.empty();
        }
        long stable = firsts.isEmpty() ? offset + 1 : firsts.first();
        return Optional.of(new AbortedTransaction(producerId, first, offset, stable));
    }
}
