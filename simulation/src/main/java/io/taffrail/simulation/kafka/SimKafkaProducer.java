package io.taffrail.simulation.kafka;

import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.Violation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A producer that repeats unanswered batches as Kafka's client does: on the next connection, also
 * in the next life of the broker, in order and with the same sequences.
 */
final class SimKafkaProducer {

    private static final int MAX_IN_FLIGHT = 5;
    private static final int PRODUCE = 13;

    private final HeadHistory history;
    private final boolean idempotent;
    private final Deque<SentBatch> pending = new ArrayDeque<>();
    private final Map<PartitionModel, Integer> sequences = new HashMap<>();
    private @Nullable KafkaLink link;
    private long producerId = -1;
    private boolean asking;
    private boolean sentAll;

    SimKafkaProducer(HeadHistory history, boolean idempotent) {
        this.history = history;
        this.idempotent = idempotent;
    }

    /** Sends a batch, or a request that must precede it. */
    void produce(HeadMachine machine, HeadPlan plan, Dice dice) {
        KafkaLink open = connect(machine);
        if (idempotent && producerId < 0) {
            askForId(machine, open);
        } else if (!sentAll) {
            sendAgain(machine, open);
        } else if (pending.size() < MAX_IN_FLIGHT) {
            PartitionModel partition = dice.pick(history.partitions());
            int count = dice.between(1, 3);
            int sequence = sequences.getOrDefault(partition, 0);
            SentBatch batch = new SentBatch(partition, history.nextIds(count), count, producerId,
                    idempotent ? sequence : -1, dice.below(plan.bodyBytes()), machine.nowMs());
            sequences.put(partition, sequence + count);
            partition.sent(batch);
            send(machine, open, batch);
        }
    }

    /** Sends unanswered batches again. */
    void resume(HeadMachine machine) {
        KafkaLink open = connect(machine);
        if (!asking && !sentAll) {
            sendAgain(machine, open);
        }
    }

    private void sendAgain(HeadMachine machine, KafkaLink open) {
        sentAll = true;
        List<SentBatch> again = new ArrayList<>(pending);
        pending.clear();
        again.forEach(it -> send(machine, open, it));
    }

    boolean isAnswered() {
        return pending.isEmpty() && !asking;
    }

    private KafkaLink connect(HeadMachine machine) {
        KafkaLink now = link;
        if (now == null || !now.isOpen()) {
            now = new KafkaLink(machine);
            link = now;
            asking = false;
            sentAll = false;
            if (!idempotent) {
                // Half of the unanswered batches are abandoned, the other half is sent again.
                pending.removeIf(it -> it.firstId() % 2 == 0);
            }
        }
        return now;
    }

    /** The machine was restarted; the connections are gone. */
    void reconnect() {
        link = null;
    }

    void cut() {
        if (link != null && link.isOpen()) {
            link.cut();
        }
    }

    private void askForId(HeadMachine machine, KafkaLink open) {
        if (asking) {
            return;
        }
        asking = true;
        open.send(ApiKeys.INIT_PRODUCER_ID, 4, new InitProducerIdRequestData()
                .setTransactionalId(null).setTransactionTimeoutMs(1000), new KafkaLink.Answer() {
                    @Override
                    public void is(ApiMessage body) {
                        asking = false;
                        InitProducerIdResponseData answer = (InitProducerIdResponseData) body;
                        if (answer.errorCode() == 0) {
                            history.givenProducerId(answer.producerId());
                            producerId = answer.producerId();
                        } else {
                            history.requireCause(machine, "a producer id",
                                    Errors.forCode(answer.errorCode()));
                        }
                    }

                    @Override
                    public void lost() {
                        asking = false;
                    }
                });
    }

    private void send(HeadMachine machine, KafkaLink open, SentBatch batch) {
        pending.add(batch);
        PartitionModel partition = batch.partition();
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add(new TopicProduceData().setTopicId(partition.topicId())
                .setPartitionData(List.of(new PartitionProduceData()
                        .setIndex(partition.index()).setRecords(batch.send()))));
        machine.trace().event("produce", batch.toString(), batch.firstId(), 0);
        open.send(ApiKeys.PRODUCE, PRODUCE, new ProduceRequestData().setAcks((short) -1)
                .setTimeoutMs(5_000).setTopicData(topics), new KafkaLink.Answer() {
                    @Override
                    public void is(ApiMessage body) {
                        answered(machine, open, batch, ((ProduceResponseData) body).responses()
                                .iterator().next().partitionResponses().getFirst());
                    }

                    @Override
                    public void lost() {
                        // The batch remains among those to send again.
                    }
                });
    }

    private void answered(HeadMachine machine, KafkaLink open, SentBatch batch,
            PartitionProduceResponse answer) {
        Errors error = Errors.forCode(answer.errorCode());
        if (error == Errors.NONE) {
            batch.partition().acknowledged(batch, answer.baseOffset());
            pending.remove(batch);
            return;
        }
        boolean first = pending.stream()
                .filter(it -> it.partition().equals(batch.partition())).findFirst()
                .filter(batch::equals).isPresent();
        if (first || error != Errors.OUT_OF_ORDER_SEQUENCE_NUMBER) {
            if (error == Errors.OUT_OF_ORDER_SEQUENCE_NUMBER) {
                throw new Violation("a producer's retry finds its batch", batch + ": " + error);
            }
            history.requireCause(machine, batch.toString(), error);
        }
        // The batch is sent again with all its successors on another connection.
        if (open.isOpen()) {
            open.cut();
        }
    }
}
