package io.taffrail.kafka.api;

import io.taffrail.log.batch.BatchHeader;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Errors;

/**
 * Check of each batch of a producer before it is appended: a transactional batch must belong to an
 * ongoing transaction that the partition was added to. Safe for any thread.
 *
 * <p>
 * A transaction's partitions are admitted when their addition is durable, and no longer admitted
 * before the first end marker is handed to a log's owner. A batch that is checked on the owner's
 * thread, or on another thread through which the markers pass too, therefore never follows the
 * marker of its transaction.
 */
public interface TransactionGate {

    /** A gate of a broker without transactions. */
    TransactionGate NO_TRANSACTIONS = new TransactionGate() {
        @Override
        public Errors transactional(long producerId, short producerEpoch, String topic,
                int partition) {
            return Errors.INVALID_PRODUCER_ID_MAPPING;
        }

        @Override
        public boolean inTransaction(long producerId, String topic, int partition) {
            return false;
        }
    };

    /** Returns NONE if the producer's transaction includes the partition; otherwise the reason. */
    Errors transactional(long producerId, short producerEpoch, String topic, int partition);

    /** Whether the producer has an ongoing transaction that includes the partition. */
    boolean inTransaction(long producerId, String topic, int partition);

    /** Returns NONE if the batch may be appended to the partition; otherwise the reason. */
    default Errors check(ByteBuffer batch, String topic, int partition) {
        int at = batch.position();
        long producerId = BatchHeader.producerId(batch, at);
        if (BatchHeader.isTransactional(batch, at)) {
            return transactional(producerId, BatchHeader.producerEpoch(batch, at), topic,
                    partition);
        }
        return producerId != BatchHeader.NO_PRODUCER && inTransaction(producerId, topic, partition)
                ? Errors.INVALID_TXN_STATE
                : Errors.NONE;
    }
}
