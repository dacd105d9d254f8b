package io.taffrail.kafka.transactions;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.batch.BatchBuilder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogKey;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of transactional ids: Kafka's records of {@code __transaction_state}, written in
 * version 1, or in version 0 if {@code transaction.version} is 0, and read in both.
 * A record without a value removes its id.
 */
final class TransactionRecords {

    private static final short KEY_VERSION = 0;
    private static final short FIXED_VERSION = 0;
    private static final short FLEXIBLE_VERSION = 1;

    private TransactionRecords() {}

    /**
     * A batch that stores the state.
     *
     * @param flexible
     *            false to write version 0 if the state has no previous or next producer id and no
     *            client's version, which only version 1 can store
     */
    static ByteBuffer batch(TransactionalId state, boolean flexible) {
        return batch(state.id(), state.updatedMs(), MessageUtil.toVersionPrefixedByteBuffer(
                flexible || needsFlexible(state) ? FLEXIBLE_VERSION : FIXED_VERSION, value(state)));
    }

    private static boolean needsFlexible(TransactionalId state) {
        return state.previousProducerId() != TransactionalId.NO_PRODUCER
                || state.nextProducerId() != TransactionalId.NO_PRODUCER
                || state.clientVersion() != TransactionalId.VERSION_1;
    }

    /** A batch that removes a transactional id. */
    static ByteBuffer removal(String id, long nowMs) {
        return batch(id, nowMs, null);
    }

    private static ByteBuffer batch(String id, long nowMs, @Nullable ByteBuffer value) {
        ByteBuffer key = MessageUtil.toVersionPrefixedByteBuffer(KEY_VERSION,
                new TransactionLogKey().setTransactionalId(id));
        return new BatchBuilder().add(nowMs, key, value, List.of()).build();
    }

    private static TransactionLogValue value(TransactionalId state) {
        TreeMap<String, List<Integer>> byTopic = new TreeMap<>();
        for (TopicPart partition : state.partitions()) {
            byTopic.computeIfAbsent(partition.topic(), _ -> new ArrayList<>())
                    .add(partition.index());
        }
        TransactionLogValue value = new TransactionLogValue().setProducerId(state.producerId())
                .setPreviousProducerId(state.previousProducerId())
                .setNextProducerId(state.nextProducerId())
                .setClientTransactionVersion(state.clientVersion())
                .setProducerEpoch(state.epoch()).setTransactionTimeoutMs(state.timeoutMs())
                .setTransactionStatus(state.state().id())
                .setTransactionLastUpdateTimestampMs(state.updatedMs())
                .setTransactionStartTimestampMs(state.startMs());
        if (state.state() == TransactionState.EMPTY) {
            return value.setTransactionPartitions(null);
        }
        return value.setTransactionPartitions(byTopic.entrySet().stream()
                .map(topic -> new TransactionLogValue.PartitionsSchema().setTopic(topic.getKey())
                        .setPartitionIds(topic.getValue()))
                .toList());
    }

    /** The transactional id of a record; null if the record is of a kind from a newer version. */
    static @Nullable String id(Record record) {
        ByteBuffer key = record.key();
        if (key == null || key.remaining() < Short.BYTES || key.getShort() != KEY_VERSION) {
            return null;
        }
        return new TransactionLogKey(new ByteBufferAccessor(key), KEY_VERSION).transactionalId();
    }

    /**
     * The state in a record; null if it removes the id.
     *
     * @throws LogFailedException
     *             if the value has an unknown version or state
     */
    static @Nullable TransactionalId state(String id, Record record) {
        ByteBuffer bytes = record.value();
        if (bytes == null) {
            return null;
        }
        short version = bytes.getShort();
        if (version < TransactionLogValue.LOWEST_SUPPORTED_VERSION
                || version > TransactionLogValue.HIGHEST_SUPPORTED_VERSION) {
            throw new LogFailedException("the state of a transactional id at offset "
                    + record.offset() + " has the unknown version " + version);
        }
        TransactionLogValue value = new TransactionLogValue(new ByteBufferAccessor(bytes),
                version);
        return new TransactionalId(id, value.producerId(), value.previousProducerId(),
                value.nextProducerId(), value.producerEpoch(), TransactionalId.NO_EPOCH,
                value.transactionTimeoutMs(),
                TransactionState.fromId(value.transactionStatus()), partitions(value),
                value.transactionStartTimestampMs(), value.transactionLastUpdateTimestampMs(),
                value.clientTransactionVersion());
    }

    private static Set<TopicPart> partitions(TransactionLogValue value) {
        Set<TopicPart> partitions = new HashSet<>();
        if (value.transactionPartitions() != null) {
            for (TransactionLogValue.PartitionsSchema topic : value.transactionPartitions()) {
                topic.partitionIds()
                        .forEach(index -> partitions.add(new TopicPart(topic.topic(), index)));
            }
        }
        return partitions;
    }
}
