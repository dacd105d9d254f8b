package io.taffrail.simulation.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** A batch that was sent one or more times. */
final class SentBatch {

    private final PartitionModel partition;
    private final long firstId;
    private final int count;
    private final long producerId;
    private final int sequence;
    private final int bodyBytes;
    private final long timestamp;
    private int sends;
    private boolean acknowledged;

    /**
     * @param producerId
     *            -1 for a producer without idempotence
     */
    SentBatch(PartitionModel partition, long firstId, int count, long producerId, int sequence,
            int bodyBytes, long timestamp) {
        this.partition = partition;
        this.firstId = firstId;
        this.count = count;
        this.producerId = producerId;
        this.sequence = sequence;
        this.bodyBytes = bodyBytes;
        this.timestamp = timestamp;
    }

    PartitionModel partition() {
        return partition;
    }

    long firstId() {
        return firstId;
    }

    int count() {
        return count;
    }

    boolean isIdempotent() {
        return producerId >= 0;
    }

    void acknowledged() {
        acknowledged = true;
    }

    boolean isAcknowledged() {
        return acknowledged;
    }

    /** Number of times it may be in the log. */
    int mayBeStored() {
        return isIdempotent() ? 1 : sends;
    }

    /** Returns its bytes and counts the send. */
    MemoryRecords send() {
        sends++;
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            byte[] id = Long.toString(firstId + i).getBytes(StandardCharsets.US_ASCII);
            records[i] = new SimpleRecord(timestamp, id, Arrays.copyOf(id, id.length + bodyBytes));
        }
        return producerId < 0
                ? MemoryRecords.withRecords(Compression.NONE, records)
                : MemoryRecords.withIdempotentRecords(
                        Compression.NONE, producerId, (short) 0, sequence, records);
    }

    @Override
    public String toString() {
        return "%s of producer %d, sequence %d, %d records, sent %d times".formatted(partition,
                producerId, sequence, count, sends);
    }
}
