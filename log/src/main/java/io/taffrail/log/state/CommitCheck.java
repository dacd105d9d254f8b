package io.taffrail.log.state;

import io.taffrail.log.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks the batches that one commit appends to one log, each as if those before it were stored.
 * Changes nothing; the log must not change while it is used. One thread.
 */
public final class CommitCheck {

    private final LogState state;
    /** Producers of the batches before, as those leave them. */
    private final Map<Long, Producer> producers = new HashMap<>(2);

    CommitCheck(LogState state) {
        this.state = state;
    }

    /** Whether the batch may follow what is stored and what was {@linkplain #accepted accepted}. */
    public Verdict check(ByteBuffer buffer, int at) {
        Producer changed = producers.get(BatchHeader.producerId(buffer, at));
        return changed == null ? state.check(buffer, at) : state.check(buffer, at, changed);
    }

    /** The commit will hold the batch, whose offsets are stamped. */
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
