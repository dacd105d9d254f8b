package io.taffrail.simulation.kafka;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** The requests of a transactional producer, in the versions that real clients send. */
final class TransactionRequests {

    private static final int ADD_PARTITIONS = 3;
    private static final int FIRST_PRODUCE = 11;
    private static final int SECOND_PRODUCE = 13;
    private static final int FIRST_OFFSETS = 3;
    private static final int SECOND_OFFSETS = 5;
    private static final int FIRST_END = 3;
    private static final int SECOND_END = 5;
    /** Above every epoch of a coordinator in a run, so that only the producer's is stale. */
    private static final int COORDINATOR_EPOCH = 1_000;

    private TransactionRequests() {}

    /** A request of a transaction. */
    sealed interface Step {

        record Add(PartitionModel partition) implements Step {}

        record Write(PartitionModel partition, long firstId, int count,
                int sequence) implements Step {}

        record AddOffsets() implements Step {}

        record CommitOffset(long offset) implements Step {}

        record End(boolean commit) implements Step {}
    }

    /** The first error of an answer. */
    static Errors error(ApiMessage body) {
        return Errors.forCode(switch (body) {
            case FindCoordinatorResponseData it -> it.coordinators().stream()
                    .map(each -> each.errorCode()).filter(code -> code != 0).findFirst()
                    .orElse((short) 0);
            case AddPartitionsToTxnResponseData it -> it.resultsByTopicV3AndBelow().iterator()
                    .next().resultsByPartition().iterator().next().partitionErrorCode();
            case ProduceResponseData it -> it.responses().iterator().next().partitionResponses()
                    .getFirst().errorCode();
            case AddOffsetsToTxnResponseData it -> it.errorCode();
            case TxnOffsetCommitResponseData it -> it.topics().getFirst().partitions().getFirst()
                    .errorCode();
            case EndTxnResponseData it -> it.errorCode();
            default -> throw new IllegalArgumentException(body.toString());
        });
    }

    /** The sender of one request of a producer. */
    record Sender(String id, String group, long producerId, short epoch, boolean second,
            long nowMs) {

        /** Looks for the coordinators of the group and of the transactional id. */
        void find(KafkaLink link, KafkaLink.Answer answer) {
            link.send(ApiKeys.FIND_COORDINATOR, 4, new FindCoordinatorRequestData()
                    .setKeyType((byte) 0).setCoordinatorKeys(List.of(group)),
                    new KafkaLink.Answer() {
                        @Override
                        public void is(ApiMessage body) {
                            if (error(body) != Errors.NONE) {
                                answer.is(body);
                                return;
                            }
                            link.send(ApiKeys.FIND_COORDINATOR, 4,
                                    new FindCoordinatorRequestData().setKeyType((byte) 1)
                                            .setCoordinatorKeys(List.of(id)),
                                    answer);
                        }

                        @Override
                        public void lost() {
                            answer.lost();
                        }
                    });
        }

        void init(KafkaLink link, int timeoutMs, KafkaLink.Answer answer) {
            link.send(ApiKeys.INIT_PRODUCER_ID, second ? 5 : 4, new InitProducerIdRequestData()
                    .setTransactionalId(id).setTransactionTimeoutMs(timeoutMs), answer);
        }

        void send(KafkaLink link, Step step, KafkaLink.Answer answer) {
            switch (step) {
                case Step.Add add -> add(link, add, answer);
                case Step.Write write -> write(link, write, answer);
                case Step.AddOffsets _ -> link.send(ApiKeys.ADD_OFFSETS_TO_TXN, 3,
                        new AddOffsetsToTxnRequestData().setTransactionalId(id).setGroupId(group)
                                .setProducerId(producerId).setProducerEpoch(epoch),
                        answer);
                case Step.CommitOffset(long offset) -> commitOffset(link, offset, answer);
                case Step.End(boolean commit) -> link.send(ApiKeys.END_TXN,
                        second ? SECOND_END : FIRST_END,
                        new EndTxnRequestData().setTransactionalId(id).setProducerId(producerId)
                                .setProducerEpoch(epoch).setCommitted(commit),
                        answer);
            }
        }

        private void add(KafkaLink link, Step.Add add, KafkaLink.Answer answer) {
            AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
            topics.add(new AddPartitionsToTxnTopic().setName(add.partition().topic())
                    .setPartitions(List.of(add.partition().index())));
            link.send(ApiKeys.ADD_PARTITIONS_TO_TXN, ADD_PARTITIONS,
                    new AddPartitionsToTxnRequestData().setV3AndBelowTransactionalId(id)
                            .setV3AndBelowProducerId(producerId).setV3AndBelowProducerEpoch(epoch)
                            .setV3AndBelowTopics(topics),
                    answer);
        }

        private void write(KafkaLink link, Step.Write write, KafkaLink.Answer answer) {
            SimpleRecord[] records = new SimpleRecord[write.count()];
            for (int i = 0; i < records.length; i++) {
                byte[] key = Long.toString(write.firstId() + i)
                        .getBytes(StandardCharsets.US_ASCII);
                records[i] = new SimpleRecord(nowMs, key, key);
            }
            TopicProduceData topic = new TopicProduceData().setPartitionData(
                    List.of(new PartitionProduceData().setIndex(write.partition().index())
                            .setRecords(MemoryRecords.withTransactionalRecords(Compression.NONE,
                                    producerId, epoch, write.sequence(), records))));
            if (second) {
                topic.setTopicId(write.partition().topicId());
            } else {
                topic.setName(write.partition().topic());
            }
            TopicProduceDataCollection topics = new TopicProduceDataCollection();
            topics.add(topic);
            link.send(ApiKeys.PRODUCE, second ? SECOND_PRODUCE : FIRST_PRODUCE,
                    new ProduceRequestData().setTransactionalId(id).setAcks((short) -1)
                            .setTimeoutMs(5_000).setTopicData(topics),
                    answer);
        }

        private void commitOffset(KafkaLink link, long offset, KafkaLink.Answer answer) {
            link.send(ApiKeys.TXN_OFFSET_COMMIT, second ? SECOND_OFFSETS : FIRST_OFFSETS,
                    new TxnOffsetCommitRequestData().setTransactionalId(id).setGroupId(group)
                            .setProducerId(producerId).setProducerEpoch(epoch)
                            .setTopics(List.of(new TxnOffsetCommitRequestTopic()
                                    .setName(HeadPlan.TOPICS.getFirst())
                                    .setPartitions(List.of(new TxnOffsetCommitRequestPartition()
                                            .setPartitionIndex(0).setCommittedOffset(offset))))),
                    answer);
        }

        /** Sends a marker as an operator's tool does. */
        void mark(KafkaLink link, PartitionModel partition, short markerEpoch,
                KafkaLink.Answer answer) {
            link.send(ApiKeys.WRITE_TXN_MARKERS, 1,
                    new WriteTxnMarkersRequestData().setMarkers(List.of(new WritableTxnMarker()
                            .setProducerId(producerId).setProducerEpoch(markerEpoch)
                            .setTransactionResult(false).setCoordinatorEpoch(COORDINATOR_EPOCH)
                            .setTopics(List.of(new WritableTxnMarkerTopic()
                                    .setName(partition.topic())
                                    .setPartitionIndexes(List.of(partition.index())))))),
                    answer);
        }
    }
}
