package io.taffrail.kafka.groups;

import io.taffrail.broker.topic.Partition;
import io.taffrail.log.AppendResult;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.Registration;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TransactionCoordinatorFencedException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.coordinator.common.runtime.PartitionWriter;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.VerificationGuard;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writer that appends the coordinator's records. The coordinator needs a batch's offset before it
 * continues, and only the log's owner can assign one, so each append is handed to the owner and
 * awaited. Requests that arrive meanwhile go into the next batch (Kafka's adaptive linger), which
 * spreads the cost of two thread hops over them. The batch is not copied: the coordinator does not
 * reuse its buffer before the owner has finished with it.
 *
 * <p>
 * Predicting the offset instead of waiting was rejected. After an append that is refused because
 * the disk is full, the whole shard would have to be unloaded and loaded again. With the wait,
 * Kafka reverts only that batch and the group's members stay.
 */
final class OffsetsLogWriter implements PartitionWriter {

    private static final Logger LOG = LoggerFactory.getLogger(OffsetsLogWriter.class);

    /**
     * A listener's registration at a log; {@code registration} is used on the owner's thread only.
     */
    private static final class DurableEndWatch {
        private final Owner owner;
        private @Nullable Registration registration;

        private DurableEndWatch(Owner owner) {
            this.owner = owner;
        }
    }

    private final OffsetsTopic topic;
    private final ShardStates states;
    private final GroupThreads threads;
    private final Map<Listener, DurableEndWatch> watches = new ConcurrentHashMap<>();
    private volatile @Nullable LogConfig logConfig;

    OffsetsLogWriter(OffsetsTopic topic, ShardStates states, GroupThreads threads) {
        this.threads = threads;
        this.topic = topic;
        this.states = states;
    }

    /**
     * Registers a listener. Kafka calls this under the shard's lock when the shard has become
     * active.
     */
    @Override
    public void registerListener(TopicPartition shard, Listener listener) {
        Partition partition = topic.partition(shard);
        DurableEndWatch watch = new DurableEndWatch(partition.owner());
        watches.put(listener, watch);
        execute(partition.owner(), () -> watch.registration = partition.log().onDurableEnd(
                durableEnd -> tell(listener, shard, durableEnd)));
        states.settled(shard.partition());
    }

    /**
     * Reports the durable end to a listener. A stopped coordinator refuses it, which is harmless.
     */
    private static void tell(Listener listener, TopicPartition shard, long durableEnd) {
        try {
            listener.onHighWatermarkUpdated(shard, durableEnd);
        } catch (NotCoordinatorException e) {
            LOG.debug("{} is durable to {} after the coordinator's end", shard, durableEnd, e);
        }
    }

    @Override
    public void deregisterListener(TopicPartition shard, Listener listener) {
        DurableEndWatch watch = watches.remove(listener);
        if (watch != null) {
            execute(watch.owner, () -> {
                if (watch.registration != null) {
                    watch.registration.close();
                }
            });
        }
    }

    /** The coordinator uses only {@code maxMessageSize} of this configuration. */
    @Override
    public LogConfig config(TopicPartition shard) {
        int maxMessageBytes = maxMessageBytes(shard);
        LogConfig known = logConfig;
        if (known == null || known.maxMessageSize() != maxMessageBytes) {
            known = new LogConfig(Map.of("max.message.bytes", maxMessageBytes));
            logConfig = known;
        }
        return known;
    }

    private int maxMessageBytes(TopicPartition shard) {
        return topic.topic(shard).config().intake().maxMessageBytes();
    }

    /** Appends a batch and returns the offset after its last record. */
    @Override
    public long append(TopicPartition shard, VerificationGuard guard, MemoryRecords records,
            short transactionVersion) {
        if (records.sizeInBytes() > maxMessageBytes(shard)) {
            throw new RecordTooLargeException("a batch of " + records.sizeInBytes()
                    + " bytes does not fit max.message.bytes of " + OffsetsTopic.NAME);
        }
        Partition partition = topic.partition(shard);
        ByteBuffer batch = records.buffer();
        prepare(shard, batch);
        OwnerAppend append = new OwnerAppend(partition.log(), batch);
        execute(partition.owner(), append);
        return switch (append.await(threads, topic.settings().offsetsCommitTimeoutMs())) {
            case AppendResult.Stored stored -> stored.lastOffset() + 1;
            case AppendResult.Duplicate duplicate -> duplicate.lastOffset() + 1;
            case AppendResult.Refused refused -> throw exception(refused);
        };
    }

    /**
     * Checks offsets of a transaction. Kafka's coordinator gives all of them the sequence 0, which
     * the log would take for duplicates. The end of the transaction passes through the
     * coordinator's thread, too, so none of its offsets is appended after it.
     */
    private void prepare(TopicPartition shard, ByteBuffer batch) {
        int at = batch.position();
        if (!BatchHeader.isTransactional(batch, at) || BatchHeader.isControl(batch, at)) {
            return;
        }
        Errors closed = topic.gate().check(batch, OffsetsTopic.NAME, shard.partition());
        if (closed != Errors.NONE) {
            throw closed.exception("offsets of producer " + BatchHeader.producerId(batch, at)
                    + " are not part of an ongoing transaction");
        }
        BatchHeader.clearSequence(batch, at);
    }

    private static ApiException exception(AppendResult.Refused refused) {
        String detail = refused.detail();
        return switch (refused.reason()) {
            case CORRUPT_BATCH -> new CorruptRecordException(detail);
            case INVALID_RECORD, INVALID_TIMESTAMP -> new InvalidRecordException(detail);
            case OUT_OF_ORDER_SEQUENCE -> new OutOfOrderSequenceException(detail);
            case PRODUCER_FENCED -> new InvalidProducerEpochException(detail);
            case COORDINATOR_FENCED -> new TransactionCoordinatorFencedException(detail);
            case WRITER_FENCED, CLOSED -> new NotLeaderOrFollowerException(detail);
            case DISK_FULL, STORAGE_FAILED -> new KafkaStorageException(detail);
            case OVERLOADED -> new NotEnoughReplicasException(detail);
        };
    }

    private static void execute(Owner owner, Runnable task) {
        try {
            owner.execute(task);
        } catch (RejectedExecutionException e) {
            throw new NotLeaderOrFollowerException("the broker is stopping", e);
        }
    }

    /** Verifies nothing: {@link #append} checks the offsets of a transaction. */
    @Override
    public CompletableFuture<VerificationGuard> maybeStartTransactionVerification(
            TopicPartition shard, String transactionalId, long producerId, short producerEpoch,
            int apiVersion) {
        return CompletableFuture.completedFuture(VerificationGuard.SENTINEL);
    }

    @Override
    public CompletableFuture<Void> deleteRecords(TopicPartition shard, long beforeOffset) {
        Partition partition = topic.partition(shard);
        return CompletableFuture.runAsync(() -> partition.log().trimTo(beforeOffset),
                partition.owner());
    }
}
