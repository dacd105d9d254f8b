package io.taffrail.kafka.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.topic.TopicOutcome;
import io.taffrail.kafka.groups.Groups;
import io.taffrail.log.Durability;
import io.taffrail.log.Refusal;
import io.taffrail.log.batch.BatchBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class CoordinatorTest {

    private final CoordinatorFixture fixture = new CoordinatorFixture(
            TransactionSettings.defaults().withPartitions(2).withChecks(10, 10)
                    .withExpirationMs(Integer.MAX_VALUE));
    private final TransactionClient client = new TransactionClient(fixture, "x");

    @BeforeEach
    void begin() throws Exception {
        fixture.topic("t", 2);
        assertThat(client.find()).isEqualTo(Errors.NONE);
        assertThat(client.init()).isEqualTo(Errors.NONE);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void requestsAreRefusedWithKafkasErrors() throws Exception {
        assertThat(client.end(true)).isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(client.add("nowhere", 0)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(client.add("t", 2)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(client.init(4, 0, -1, (short) -1))
                .isEqualTo(Errors.INVALID_TRANSACTION_TIMEOUT);
        assertThat(client.init(4, 900_001, -1, (short) -1))
                .isEqualTo(Errors.INVALID_TRANSACTION_TIMEOUT);
        assertThat(client.init(4, 1, client.producerId, (short) -1))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(new TransactionClient(fixture, "").init()).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(new TransactionClient(fixture, "").end(true))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(new TransactionClient(fixture, "other").end(true))
                .isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
    }

    @Test
    void fencedProducerHasTheErrorOfItsVersion() throws Exception {
        TransactionClient zombie = new TransactionClient(fixture, "x");
        zombie.producerId = client.producerId;
        zombie.epoch = client.epoch;
        client.init();

        for (int version = 0; version <= 3; version++) {
            Errors expected = version < 2
                    ? Errors.INVALID_PRODUCER_EPOCH
                    : Errors.PRODUCER_FENCED;
            assertThat(zombie.add(version, "t", 0)).isEqualTo(expected);
            assertThat(zombie.end(version, true)).isEqualTo(expected);
        }
        assertThat(zombie.init(3, 1, zombie.producerId, zombie.epoch))
                .isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
        assertThat(zombie.init(4, 1, zombie.producerId, zombie.epoch))
                .isEqualTo(Errors.PRODUCER_FENCED);
    }

    @Test
    void onlyPartitionsOfTheOngoingTransactionAreWritten() throws Exception {
        assertThat(client.write("t", 0, 0)).isEqualTo(Errors.INVALID_TXN_STATE);
        client.add("t", 0);
        assertThat(client.write("t", 0, 0)).isEqualTo(Errors.NONE);
        assertThat(client.write("t", 1, 0)).isEqualTo(Errors.INVALID_TXN_STATE);
        client.end(true);
        assertThat(client.write("t", 0, 1)).isEqualTo(Errors.INVALID_TXN_STATE);
        client.awaitState("CompleteCommit");
        assertThat(fixture.log("t", 0).lastStableOffset()).isEqualTo(2);

        short old = client.epoch;
        client.init();
        client.add("t", 0);
        client.epoch = old;
        assertThat(client.write("t", 0, 1)).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
        client.producerId += 1;
        assertThat(client.write("t", 0, 1)).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
    }

    @Test
    void batchOutsideTheTransactionOfItsProducerIsRefused() throws Exception {
        client.add("t", 0);
        var plain = new BatchBuilder().producer(client.producerId, client.epoch, 0)
                .add(1, new byte[1], new byte[1]).build();

        assertThat(fixture.open().check(plain, "t", 0)).isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(fixture.open().check(plain, "t", 1)).isEqualTo(Errors.NONE);
    }

    @Test
    void batchOfAnEarlierTransactionDoesNotJoinTheNext() throws Exception {
        client.add("t", 0);
        client.write("t", 0, 0);
        short before = client.epoch;
        assertThat(client.end(5, true)).isEqualTo(Errors.NONE);
        assertThat(client.epoch).isEqualTo((short) (before + 1));
        client.awaitState("CompleteCommit");
        client.add("t", 0);
        assertThat(client.write("t", 0, 0)).isEqualTo(Errors.NONE);

        client.epoch = before;
        assertThat(client.write("t", 0, 1)).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
        assertThat(client.add("t", 0)).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(client.end(5, true)).isEqualTo(Errors.PRODUCER_FENCED);
    }

    @Test
    void endWithAnEpochIsAnsweredAgainIfItsAnswerWasLost() throws Exception {
        client.add("t", 0);
        short before = client.epoch;
        assertThat(client.end(5, true)).isEqualTo(Errors.NONE);
        client.awaitState("CompleteCommit");
        client.epoch = before;
        assertThat(client.end(5, false)).isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(client.end(5, true)).isEqualTo(Errors.NONE);
        assertThat(client.epoch).isEqualTo((short) (before + 1));

        assertThat(client.end(5, true)).isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(client.end(5, false)).isEqualTo(Errors.NONE);
        assertThat(client.epoch).isEqualTo((short) (before + 2));
        client.awaitState("CompleteAbort");
    }

    @Test
    void offsetsJoinTheTransaction() throws Exception {
        assertThat(fixture.committedOffset("g", "t")).isEqualTo(-1);
        assertThat(client.commitOffset(5, "g", "t", 1)).isEqualTo(Errors.NONE);
        assertThat(client.state()).isEqualTo("Ongoing");
        assertThat(client.end(5, true)).isEqualTo(Errors.NONE);
        client.epoch = (short) (client.epoch - 1);
        assertThat(client.commitOffset(5, "g", "t", 1)).isEqualTo(Errors.PRODUCER_FENCED);
    }

    @Test
    void offsetsOutsideATransactionAreRefused() throws Exception {
        assertThat(fixture.committedOffset("g", "t")).isEqualTo(-1);
        client.add("t", 0);
        assertThat(client.commitOffset("g", "t", 1)).isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(client.addOffsets("g")).isEqualTo(Errors.NONE);
        assertThat(client.commitOffset("g", "t", 1)).isEqualTo(Errors.NONE);
        assertThat(client.commitOffset("g", "t", 2)).isEqualTo(Errors.NONE);
        assertThat(client.commitOffset("g", "nowhere", 1))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        client.end(true);
        assertThat(client.commitOffset("g", "t", 3)).isEqualTo(Errors.INVALID_TXN_STATE);
    }

    /** The group coordinator gives all offsets of a transaction the same sequence. */
    @Test
    void lastOffsetOfATransactionIsCommitted() throws Exception {
        assertThat(fixture.committedOffset("g", "t")).isEqualTo(-1);
        client.addOffsets("g");
        for (long offset = 1; offset <= 7; offset++) {
            assertThat(client.commitOffset("g", "t", offset)).isEqualTo(Errors.NONE);
        }
        assertThat(client.end(true)).isEqualTo(Errors.NONE);
        client.awaitState("CompleteCommit");
        assertThat(fixture.committedOffset("g", "t")).isEqualTo(7);

        fixture.restart();
        assertThat(fixture.committedOffset("g", "t")).isEqualTo(7);
    }

    @Test
    void endIsAnsweredAgainIfItsAnswerWasLost() throws Exception {
        client.add("t", 0);
        assertThat(client.end(true)).isEqualTo(Errors.NONE);
        assertThat(client.end(true)).isIn(Errors.CONCURRENT_TRANSACTIONS, Errors.NONE);
        client.awaitState("CompleteCommit");
        assertThat(client.end(true)).isEqualTo(Errors.NONE);
        assertThat(client.end(false)).isEqualTo(Errors.INVALID_TXN_STATE);
    }

    @Test
    void requestsDuringAWriteAreConcurrent() throws Exception {
        client.add("t", 0);
        fixture.engine().holdDurability();
        CompletableFuture<EndTxnResponseData> first = fixture.send(ApiKeys.END_TXN, 3,
                new EndTxnRequestData().setTransactionalId("x").setProducerId(client.producerId)
                        .setProducerEpoch(client.epoch).setCommitted(true),
                EndTxnResponseData.class);

        assertThat(client.end(true)).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        assertThat(client.add("t", 0)).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        assertThat(client.init()).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        assertThat(first).isNotDone();

        fixture.engine().releaseDurability();
        assertThat(first.get().errorCode()).isZero();
        client.awaitState("CompleteCommit");
    }

    @Test
    void fullDiskIsAnsweredAndPasses() throws Exception {
        fixture.engine().failNextAppend(Refusal.DISK_FULL);
        assertThat(client.add("t", 0)).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        assertThat(client.write("t", 0, 0)).isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(client.add("t", 0)).isEqualTo(Errors.NONE);
        assertThat(client.write("t", 0, 0)).isEqualTo(Errors.NONE);
        fixture.engine().failNextAppend(Refusal.DISK_FULL);
        assertThat(client.end(true)).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        assertThat(client.end(true)).isEqualTo(Errors.NONE);
        client.awaitState("CompleteCommit");
    }

    /** A step of a client. */
    private interface ClientStep {
        Errors run() throws Exception;
    }

    @Test
    void fullDiskAtEachStepIsAnsweredAndPasses() throws Exception {
        fixture.committedOffset("g", "t");
        TransactionClient other = new TransactionClient(fixture, "y");
        other.find();
        for (ClientStep step : List.<ClientStep>of(other::init, () -> other.add("t", 0),
                () -> other.addOffsets("g"), () -> other.commitOffset("g", "t", 7),
                () -> other.end(true))) {
            fixture.engine().failNextAppend(Refusal.DISK_FULL);
            assertThat(step.run().exception()).isInstanceOf(RetriableException.class);
            assertThat(step.run()).isEqualTo(Errors.NONE);
        }
        other.awaitState("CompleteCommit");
        assertThat(fixture.committedOffset("g", "t")).isEqualTo(7);
    }

    /** The decision stands, however long its record takes. */
    @Test
    void timeOutDuringTheCommitDoesNotAbort() throws Exception {
        client.add("t", 0);
        assertThat(client.write("t", 0, 0)).isEqualTo(Errors.NONE);
        fixture.engine().holdDurability();
        CompletableFuture<EndTxnResponseData> end = fixture.send(ApiKeys.END_TXN, 3,
                new EndTxnRequestData().setTransactionalId("x").setProducerId(client.producerId)
                        .setProducerEpoch(client.epoch).setCommitted(true),
                EndTxnResponseData.class);
        assertThat(client.state()).isEqualTo("Ongoing");
        fixture.clock().advance(Duration.ofMinutes(5));
        fixture.clock().awaitReadsIn("abortTimedOut", 6);
        fixture.engine().releaseDurability();

        assertThat(end.get().errorCode()).isZero();
        client.awaitState("CompleteCommit");
    }

    /** The refusal is taken by the marker or by the completion, whichever is first. */
    @Test
    void markerThatIsRefusedIsWrittenAgain() throws Exception {
        client.add("t", 0);
        client.write("t", 0, 0);
        fixture.engine().holdDurability();
        CompletableFuture<EndTxnResponseData> end = fixture.send(ApiKeys.END_TXN, 3,
                new EndTxnRequestData().setTransactionalId("x").setProducerId(client.producerId)
                        .setProducerEpoch(client.epoch).setCommitted(true),
                EndTxnResponseData.class);
        assertThat(client.state()).isEqualTo("Ongoing");
        fixture.engine().failNextAppend(Refusal.DISK_FULL);
        fixture.engine().releaseDurability();

        assertThat(end.get().errorCode()).isZero();
        client.awaitState("CompleteCommit");
        assertThat(fixture.log("t", 0).lastStableOffset()).isEqualTo(2);
    }

    @Test
    void failedLogIsLoadedAgain() throws Exception {
        client.add("t", 0);
        fixture.engine().failNextAppend(Refusal.STORAGE_FAILED);
        assertThat(client.end(true)).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(client.write("t", 0, 0)).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
        assertThat(client.end(true)).isEqualTo(Errors.NOT_COORDINATOR);

        int shard = "x".hashCode() % 2;
        fixture.broker().topics().reopenNow(TransactionsTopic.NAME, shard).join();
        assertThat(client.find()).isEqualTo(Errors.NONE);
        assertThat(client.write("t", 0, 0)).isEqualTo(Errors.NONE);
        assertThat(client.end(true)).isEqualTo(Errors.NONE);
        client.awaitState("CompleteCommit");
    }

    /** The id would otherwise stay in PrepareCommit, and each request would be CONCURRENT. */
    @Test
    void endGoesOnAfterAnUnexpectedFailure() throws Exception {
        client.add("t", 0);
        assertThat(client.write("t", 0, 0)).isEqualTo(Errors.NONE);
        fixture.clock().failOnceIn("complete");
        assertThat(client.end(true)).isEqualTo(Errors.NONE);

        client.awaitState("CompleteCommit");
        assertThat(fixture.clock().hasFailed()).isTrue();
        assertThat(fixture.log("t", 0).lastStableOffset())
                .isEqualTo(fixture.log("t", 0).durableEnd());
        client.initWhenEnded();
        assertThat(client.add("t", 0)).isEqualTo(Errors.NONE);
    }

    /** A decision or an offset that a power cut takes would tear transactions of other topics. */
    @ParameterizedTest
    @ValueSource(strings = {TransactionsTopic.NAME, Groups.OFFSETS_TOPIC})
    void durabilityOfInternalTopicsIsPinned(String name) throws Exception {
        fixture.committedOffset("g", "t");
        assertThat(fixture.broker().topics().find(name).orElseThrow().config().overrides())
                .containsEntry("durability", "fsync");

        for (Map<String, String> lower : List.of(Map.of("durability", "os"),
                Map.of("flush.messages", Long.toString(Long.MAX_VALUE)),
                Map.<String, String>of())) {
            assertThat(fixture.broker().topics().alterConfig(name, _ -> lower).join())
                    .isInstanceOf(TopicOutcome.Refused.class);
        }
        assertThat(fixture.log(name, 0).options().durability()).isEqualTo(Durability.FSYNC);
    }

    @Test
    void damagedLogIsNotServed() throws Exception {
        int shard = "x".hashCode() % 2;
        fixture.engine().damage(fixture.log(TransactionsTopic.NAME, shard).id(), 0, 1);
        fixture.broker().topics().reopenNow(TransactionsTopic.NAME, shard).join();

        assertThat(client.find()).isEqualTo(Errors.NONE);
        assertThat(client.init()).isEqualTo(Errors.NOT_COORDINATOR);
    }

    @Test
    void transactionOfADeletedTopicEnds() throws Exception {
        fixture.topic("gone", 1);
        client.add("t", 0);
        client.add("gone", 0);
        fixture.broker().topics().delete("gone").join();

        assertThat(client.end(true)).isEqualTo(Errors.NONE);
        client.awaitState("CompleteCommit");
    }

    @Test
    void idsAreForgottenWithTheirTopic() throws Exception {
        client.add("t", 0);
        fixture.broker().topics().delete(TransactionsTopic.NAME).join();

        assertThat(client.end(true)).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(client.find()).isEqualTo(Errors.NONE);
        assertThat(client.end(true)).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
        assertThat(client.write("t", 0, 0)).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
    }

    @Test
    void restartKeepsOngoingTransactions() throws Exception {
        client.add("t", 0);
        client.write("t", 0, 0);
        fixture.restart();
        assertThat(client.find()).isEqualTo(Errors.NONE);

        assertThat(client.write("t", 0, 1)).isEqualTo(Errors.NONE);
        assertThat(client.end(true)).isEqualTo(Errors.NONE);
        client.awaitState("CompleteCommit");
    }

    @Test
    void severalTransactionsAreVerifiedAtOnce() throws Exception {
        client.add("t", 0);
        AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData();
        for (int partition = 0; partition < 2; partition++) {
            AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
            topics.add(new AddPartitionsToTxnTopic().setName("t")
                    .setPartitions(List.of(partition)));
            request.transactions().add(new AddPartitionsToTxnTransaction()
                    .setTransactionalId(partition == 0 ? "x" : "y")
                    .setProducerId(client.producerId).setProducerEpoch(client.epoch)
                    .setVerifyOnly(true).setTopics(topics));
        }
        AddPartitionsToTxnResponseData answer = fixture.ask(ApiKeys.ADD_PARTITIONS_TO_TXN, 5,
                request, AddPartitionsToTxnResponseData.class);

        assertThat(answer.resultsByTransaction().find("x").topicResults().find("t")
                .resultsByPartition().find(0).partitionErrorCode()).isZero();
        assertThat(answer.resultsByTransaction().find("y").topicResults().find("t")
                .resultsByPartition().find(1).partitionErrorCode())
                .isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING.code());
    }

    @Test
    void idsAreListedByStateProducerAndPattern() throws Exception {
        client.add("t", 0);
        TransactionClient other = new TransactionClient(fixture, "other");
        other.init();

        assertThat(list(new ListTransactionsRequestData())).containsExactlyInAnyOrder("x",
                "other");
        assertThat(list(new ListTransactionsRequestData().setStateFilters(List.of("Ongoing"))))
                .containsExactly("x");
        assertThat(list(new ListTransactionsRequestData()
                .setProducerIdFilters(List.of(other.producerId)))).containsExactly("other");
        assertThat(list(new ListTransactionsRequestData().setTransactionalIdPattern("o.*")))
                .containsExactly("other");
        assertThat(list(new ListTransactionsRequestData().setStateFilters(List.of("Nonsense"))))
                .isEmpty();
        assertThat(new TransactionClient(fixture, "unknown").state())
                .isEqualTo("TRANSACTIONAL_ID_NOT_FOUND");
    }

    @ParameterizedTest
    @ValueSource(strings = {"((a{999}){999}){999}", "(a?){1000}(a?){1000}(a?){1000}", "("})
    void patternThatWouldTakeTheMemoryOrTheStackIsRefused(String pattern) throws Exception {
        assertThat(fixture.ask(ApiKeys.LIST_TRANSACTIONS, 2,
                new ListTransactionsRequestData().setTransactionalIdPattern(pattern),
                ListTransactionsResponseData.class).errorCode())
                .isEqualTo(Errors.INVALID_REGULAR_EXPRESSION.code());
    }

    private List<String> list(ListTransactionsRequestData request) throws Exception {
        return fixture.ask(ApiKeys.LIST_TRANSACTIONS, 2, request,
                ListTransactionsResponseData.class).transactionStates().stream()
                .map(ListTransactionsResponseData.TransactionState::transactionalId).toList();
    }

    @Test
    void toolEndsATransactionThatNobodyEnds() throws Exception {
        client.add("t", 0);
        client.write("t", 0, 0);

        assertThat(mark("t", 0, (short) (client.epoch - 1))).isEqualTo(
                Errors.INVALID_PRODUCER_EPOCH);
        assertThat(fixture.log("t", 0).lastStableOffset()).isZero();
        assertThat(mark("nowhere", 0, client.epoch))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(mark("t", 0, client.epoch)).isEqualTo(Errors.NONE);
        assertThat(fixture.log("t", 0).lastStableOffset()).isEqualTo(2);
        assertThat(fixture.log("t", 0).abortedTransactions(0, 2)).hasSize(1);
    }

    private Errors mark(String topic, int partition, short epoch) throws Exception {
        return Errors.forCode(fixture.ask(ApiKeys.WRITE_TXN_MARKERS, 1,
                new WriteTxnMarkersRequestData().setMarkers(List.of(new WritableTxnMarker()
                        .setProducerId(client.producerId).setProducerEpoch(epoch)
                        .setTransactionResult(false).setTopics(List.of(
                                new WritableTxnMarkerTopic().setName(topic)
                                        .setPartitionIndexes(List.of(partition)))))),
                WriteTxnMarkersResponseData.class).markers().getFirst().topics().getFirst()
                .partitions().getFirst().errorCode());
    }
}
