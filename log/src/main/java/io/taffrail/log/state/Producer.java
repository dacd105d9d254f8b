package io.taffrail.log.state;

import io.taffrail.log.batch.BatchHeader;
import java.nio.ByteBuffer;

/**
 * The state of one producer id in a log (KIP-98): its epoch, its last five batches
 * and its open transaction. The batches are kept in a ring that overwrites the oldest.
 * Guarded by the lock of {@link LogState}.
 */
final class Producer {

    static final int REMEMBERED_BATCHES = 5;
    static final long NO_TRANSACTION = -1;
    private static final int FIXED_BYTES = 8 + 2 + 4 + 8 + 8 + 1;
    private static final int BATCH_BYTES = 4 + 4 + 8 + 8;

    final long id;
    short epoch;
    int coordinatorEpoch = -1;
    long lastTimestampMs = -1;
    long transactionStart = NO_TRANSACTION;
    private int count;
    private int newest = -1;
    private final int[] lastSequences = new int[REMEMBERED_BATCHES];
    private final int[] deltas = new int[REMEMBERED_BATCHES];
    private final long[] lastOffsets = new long[REMEMBERED_BATCHES];
    private final long[] timestampsMs = new long[REMEMBERED_BATCHES];

    Producer(long id, short epoch) {
        this.id = id;
        this.epoch = epoch;
    }

    Producer copy() {
        Producer copy = new Producer(id, epoch);
        copy.coordinatorEpoch = coordinatorEpoch;
        copy.lastTimestampMs = lastTimestampMs;
        copy.transactionStart = transactionStart;
        for (int age = count - 1; age >= 0; age--) {
            int slot = slot(age);
            copy.remember(lastSequences[slot], deltas[slot], lastOffsets[slot], timestampsMs[slot]);
        }
        return copy;
    }

    /** Applies a batch of records whose offsets are stamped. */
    void applyData(ByteBuffer buffer, int at) {
        applyEpoch(buffer, at);
        if (BatchHeader.baseSequence(buffer, at) == BatchHeader.NO_SEQUENCE) {
            return;
        }
        remember(BatchHeader.lastSequence(buffer, at), BatchHeader.lastOffsetDelta(buffer, at),
                BatchHeader.lastOffset(buffer, at), BatchHeader.maxTimestamp(buffer, at));
    }

    /** Applies a control batch, without ending its transaction. */
    void applyMarker(ByteBuffer buffer, int at, EndMarker marker) {
        applyEpoch(buffer, at);
        if (marker.type() != EndMarker.Type.NONE) {
            coordinatorEpoch = marker.coordinatorEpoch();
        }
    }

    private void applyEpoch(ByteBuffer buffer, int at) {
        short batchEpoch = BatchHeader.producerEpoch(buffer, at);
        if (batchEpoch != epoch) {
            startEpoch(batchEpoch);
        }
        lastTimestampMs = BatchHeader.maxTimestamp(buffer, at);
    }

    boolean hasBatches() {
        return count > 0;
    }

    int lastSequence() {
        return count == 0 ? -1 : lastSequences[newest];
    }

    long lastOffset() {
        return count == 0 ? -1 : lastOffsets[newest];
    }

    private void startEpoch(short newEpoch) {
        epoch = newEpoch;
        count = 0;
        newest = -1;
    }

    private void remember(int lastSequence, int offsetDelta, long lastOffset, long timestampMs) {
        newest = (newest + 1) % REMEMBERED_BATCHES;
        count = Math.min(count + 1, REMEMBERED_BATCHES);
        lastSequences[newest] = lastSequence;
        deltas[newest] = offsetDelta;
        lastOffsets[newest] = lastOffset;
        timestampsMs[newest] = timestampMs;
    }

    /** Returns the slot of the remembered batch with these sequences, or -1. */
    int find(int baseSequence, int lastSequence) {
        for (int i = 0; i < count; i++) {
            int slot = slot(i);
            if (lastSequences[slot] == lastSequence
                    && BatchHeader.nextSequence(baseSequence, deltas[slot]) == lastSequence) {
                return slot;
            }
        }
        return -1;
    }

    long baseOffset(int slot) {
        return lastOffsets[slot] - deltas[slot];
    }

    long lastOffset(int slot) {
        return lastOffsets[slot];
    }

    long timestampMs(int slot) {
        return timestampsMs[slot];
    }

    /** Returns the slot of the batch of the given age; 0 is the newest. */
    private int slot(int age) {
        return Math.floorMod(newest - age, REMEMBERED_BATCHES);
    }

    int sizeBytes() {
        return FIXED_BYTES + count * BATCH_BYTES;
    }

    void writeTo(ByteBuffer out) {
        out.putLong(id).putShort(epoch).putInt(coordinatorEpoch).putLong(lastTimestampMs)
                .putLong(transactionStart);
        out.put((byte) count);
        for (int age = count - 1; age >= 0; age--) {
            int slot = slot(age);
            out.putInt(lastSequences[slot]).putInt(deltas[slot]).putLong(lastOffsets[slot])
                    .putLong(timestampsMs[slot]);
        }
    }

    static Producer readFrom(ByteBuffer in) {
        Producer producer = new Producer(in.getLong(), in.getShort());
        producer.coordinatorEpoch = in.getInt();
        producer.lastTimestampMs = in.getLong();
        producer.transactionStart = in.getLong();
        int count = in.get();
        for (int i = 0; i < count; i++) {
            producer.remember(in.getInt(), in.getInt(), in.getLong(), in.getLong());
        }
        return producer;
    }
}
