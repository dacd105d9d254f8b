package io.taffrail.log.compact;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.spi.ReadableLog.ProducerSnapshot;
import io.taffrail.log.state.LogState;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * The active producers of a log, each with the batch that compaction must keep for it. Without that
 * batch, which may be empty, a restart would forget the producer's sequence or epoch. Immutable.
 */
public final class ActiveProducers {

    private final Map<Long, Long> lastDataOffsets;

    /** Epochs of the producers of which only an end marker is known. */
    private final Map<Long, Short> markerEpochs;

    private ActiveProducers(Map<Long, Long> lastDataOffsets, Map<Long, Short> markerEpochs) {
        this.lastDataOffsets = lastDataOffsets;
        this.markerEpochs = markerEpochs;
    }

    /**
     * Returns the producers that are active in a log now. Called on the thread
     * that owns {@code state}.
     */
    public static ActiveProducers of(LogState state) {
        Map<Long, Long> lastDataOffsets = state.lastOffsetByProducer();
        Map<Long, Short> markerEpochs = new HashMap<>();
        for (ProducerSnapshot producer : state.producers()) {
            if (!lastDataOffsets.containsKey(producer.producerId())) {
                markerEpochs.put(producer.producerId(), producer.producerEpoch());
            }
        }
        return new ActiveProducers(lastDataOffsets, markerEpochs);
    }

    public static ActiveProducers none() {
        return new ActiveProducers(Map.of(), Map.of());
    }

    /** Returns whether {@code batch} is the one that must be kept for its producer. */
    boolean lastIs(ByteBuffer batch) {
        long id = BatchHeader.producerId(batch, 0);
        if (id == BatchHeader.NO_PRODUCER) {
            return false;
        }
        Long lastDataOffset = lastDataOffsets.get(id);
        if (lastDataOffset != null) {
            return BatchHeader.lastOffset(batch, 0) == lastDataOffset;
        }
        Short epoch = markerEpochs.get(id);
        return epoch != null && BatchHeader.isControl(batch, 0)
                && BatchHeader.producerEpoch(batch, 0) == epoch;
    }
}
