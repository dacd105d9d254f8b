package io.taffrail.kafka.transactions;

import io.taffrail.log.AppendResult;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Requests of one transactional producer. Its producer id and epoch are those of its last init. */
final class TransactionClient {

    private final CoordinatorFixture fixture;
    private final String id;
    long producerId = -1;
    short epoch = -1;

    TransactionClient(CoordinatorFixture fixture, String id) {
        this.fixture = fixture;
        this.id = id;
    }

    Errors find() throws Exception {
        return Errors.forCode(fixture.ask(ApiKeys.FIND_COORDINATOR, 4,
                new FindCoordinatorRequestData().setKeyType((byte) 1)
                        .setCoordinatorKeys(List.of(id)),
                FindCoordinatorResponseData.class).coordinators().getFirst().errorCode());
    }

    /** Asks for a producer id and epoch as a new producer. */
    Errors init() throws Exception {
        return init(4, 60_000, -1, (short) -1);
    }

    Errors init(int version, int timeoutMs, long expectedId, short expectedEpoch)
            throws Exception {
        InitProducerIdResponseData answer = fixture.ask(ApiKeys.INIT_PRODUCER_ID, version,
                new InitProducerIdRequestData().setTransactionalId(id)
                        .setTransactionTimeoutMs(timeoutMs).setProducerId(expectedId)
                        .setProducerEpoch(expectedEpoch),
                InitProducerIdResponseData.class);
        if (answer.errorCode() == 0) {
            producerId = answer.producerId();
            epoch = answer.producerEpoch();
        }
        return Errors.forCode(answer.errorCode());
    }

    /** Asks for a producer id until no transaction of the id is ending any more. */
    void initWhenEnded() throws Exception {
        find();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        for (Errors answer = init(); answer != Errors.NONE; answer = init()) {
            if (answer != Errors.CONCURRENT_TRANSACTIONS || System.nanoTime() > deadline) {
                throw new AssertionError("init of " + id + ": " + answer);
            }
        }
    }

    Errors add(String topic, Integer... partitions) throws Exception {
        return add(3, topic, partitions);
    }

    Errors add(int version, String topic, Integer... partitions) throws Exception {
        AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
        topics.add(new AddPartitionsToTxnTopic().setName(topic)
                .setPartitions(List.of(partitions)));
        return Errors.forCode(fixture.ask(ApiKeys.ADD_PARTITIONS_TO_TXN, version,
                new AddPartitionsToTxnRequestData().setV3AndBelowTransactionalId(id)
                        .setV3AndBelowProducerId(producerId).setV3AndBelowProducerEpoch(epoch)
                        .setV3AndBelowTopics(topics),
                AddPartitionsToTxnResponseData.class).resultsByTopicV3AndBelow().iterator().next()
                .resultsByPartition().iterator().next().partitionErrorCode());
    }

    /** Adds the first partitions of a topic, as Produce does; they need not exist. */
    Errors join(String topic, int partitions) throws Exception {
        return fixture.transactions().join(id, producerId, epoch, IntStream.range(0, partitions)
                .mapToObj(index -> new TopicPartition(topic, index)).toList())
                .get(60, TimeUnit.SECONDS);
    }

    Errors addOffsets(String group) throws Exception {
        return Errors.forCode(fixture.ask(ApiKeys.ADD_OFFSETS_TO_TXN, 3,
                new AddOffsetsToTxnRequestData().setTransactionalId(id).setGroupId(group)
                        .setProducerId(producerId).setProducerEpoch(epoch),
                AddOffsetsToTxnResponseData.class).errorCode());
    }

    Errors commitOffset(String group, String topic, long offset) throws Exception {
        return commitOffset(3, group, topic, offset);
    }

    Errors commitOffset(int version, String group, String topic, long offset) throws Exception {
        return Errors.forCode(fixture.ask(ApiKeys.TXN_OFFSET_COMMIT, version,
                new TxnOffsetCommitRequestData().setTransactionalId(id).setGroupId(group)
                        .setProducerId(producerId).setProducerEpoch(epoch)
                        .setTopics(List.of(new TxnOffsetCommitRequestTopic().setName(topic)
                                .setPartitions(List.of(new TxnOffsetCommitRequestPartition()
                                        .setPartitionIndex(0).setCommittedOffset(offset))))),
                TxnOffsetCommitResponseData.class).topics().getFirst().partitions().getFirst()
                .errorCode());
    }

    Errors end(boolean commit) throws Exception {
        return end(3, commit);
    }

    Errors end(int version, boolean commit) throws Exception {
        EndTxnResponseData answer = fixture.ask(ApiKeys.END_TXN, version,
                new EndTxnRequestData().setTransactionalId(id).setProducerId(producerId)
                        .setProducerEpoch(epoch).setCommitted(commit),
                EndTxnResponseData.class);
        if (version >= 5 && answer.errorCode() == 0) {
            producerId = answer.producerId();
            epoch = answer.producerEpoch();
        }
        return Errors.forCode(answer.errorCode());
    }

    /** Appends a record as a produce request does, and waits until it is durable. */
    Errors write(String topic, int partition, int sequence) throws Exception {
        WritableLog log = fixture.log(topic, partition);
        ByteBuffer batch = new BatchBuilder().producer(producerId, epoch, sequence)
                .transactional().add(1, new byte[1], new byte[1]).build();
        CompletableFuture<Errors> result = new CompletableFuture<>();
        fixture.owner().execute(() -> {
            Errors closed = fixture.open().check(batch, topic, partition);
            if (closed != Errors.NONE) {
                result.complete(closed);
            } else if (log.append(batch) instanceof AppendResult.Stored stored) {
                var _ = stored.durable().thenRun(() -> result.complete(Errors.NONE));
            } else {
                result.complete(Errors.INVALID_PRODUCER_EPOCH);
            }
        });
        return result.get(60, TimeUnit.SECONDS);
    }

    String state() throws Exception {
        DescribeTransactionsResponseData.TransactionState state = fixture.ask(
                ApiKeys.DESCRIBE_TRANSACTIONS, 0,
                new DescribeTransactionsRequestData().setTransactionalIds(List.of(id)),
                DescribeTransactionsResponseData.class).transactionStates().getFirst();
        return state.errorCode() == 0
                ? state.transactionState()
                : Errors.forCode(state.errorCode()).name();
    }

    /** Waits until the id has one of these states. */
    void awaitState(String... states) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!List.of(states).contains(state())) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(id + " is " + state());
            }
        }
    }
}
