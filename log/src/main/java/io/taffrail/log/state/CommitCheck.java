package io.taffrail.log.state;

import io.taffrail.log.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks the batches that one commit appends to one log, each as if the batches
 * before it were stored. Changes nothing; the log must not change while this object is in use.
 * For a single thread.
 */
public final class CommitCheck {

    private final LogState state;
    /** Producers of the accepted batches, with the state that those batches lead to. */
    private final Map<Long, Producer> producers = new HashMap<>(2);

    CommitCheck(LogState state) {
        this.state = state;
    }

    /**
     * Returns whether the batch may follow the stored batches and
     * the {@linkplain #accepted accepted} ones.
     */
    public Verdict check(ByteBuffer buffer, int at) {
        Producer changed = producers.get(BatchHeader.producerId(buffer, at));
        return changed == null ? state.check(buffer, at) : state.check(buffer, at, changed);
    }

    /** Records that the commit will store the batch, whose offsets are stamped. */
    public void accepted(ByteBuffer buffer, int at) {
        long id = BatchHeader.producerId(buffer, at);
        if (id == BatchHeader.NO_PRODUCER) {
            return;
        }
        Producer producer = producers.computeIfAbsent(id,
                key -> known(key, BatchHeader.producerEpoch(buffer, at)));
        if (BatchHeader.isControl(buffer, at)) {
            producer.applyMarker(buffer, at, EndMarker.read(buffer, at));
        } else {
            producer.applyData(buffer, at);
        }
    }

    private Producer known(long id, short epoch) {
        @Nullable
        Producer stored = state.copyOf(id);
        return stored == null ? new Producer(id, epoch) : stored;
    }
}
