package io.taffrail.kafka.transactions;

import static io.taffrail.kafka.transactions.TransactionServer.FIRST;
import static io.taffrail.kafka.transactions.TransactionServer.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The calls of Kafka's admin client behind {@code kafka-transactions}. */
@Timeout(120)
class RealAdminTest {

    private final TransactionServer server = new TransactionServer();
    private final Admin admin = server.admin();

    @AfterEach
    void close() throws Exception {
        server.close();
    }

    private KafkaProducer<String, String> open(String id) {
        KafkaProducer<String, String> producer = server.producer(id);
        producer.beginTransaction();
        var _ = producer.send(record(0, id));
        producer.flush();
        return producer;
    }

    private ProducerState onPartition() throws Exception {
        return admin.describeProducers(List.of(FIRST)).partitionResult(FIRST).get()
                .activeProducers().getFirst();
    }

    @Test
    void openTransactionIsListedAndDescribed() throws Exception {
        open("x");
        server.producer("idle");

        assertThat(admin.listTransactions().all().get())
                .extracting(TransactionListing::transactionalId)
                .containsExactlyInAnyOrder("x", "idle");
        assertThat(admin.listTransactions(new ListTransactionsOptions()
                .filterStates(List.of(TransactionState.ONGOING))).all().get())
                .extracting(TransactionListing::transactionalId).containsExactly("x");
        TransactionDescription x = admin.describeTransactions(List.of("x")).description("x").get();
        assertThat(x.state()).isEqualTo(TransactionState.ONGOING);
        assertThat(x.topicPartitions()).containsExactly(FIRST);
        assertThat(x.transactionStartTimeMs()).isPresent();
        assertThat(onPartition().currentTransactionStartOffset()).hasValue(0);
        assertThat(onPartition().producerId()).isEqualTo(x.producerId());
        assertThatThrownBy(
                () -> admin.describeTransactions(List.of("no")).description("no").get())
                .hasCauseInstanceOf(TransactionalIdNotFoundException.class);
    }

    /** As the tool does with a transaction that it found hanging. */
    @Test
    void transactionIsAbortedOnItsPartition() throws Exception {
        open("x");
        ProducerState hanging = onPartition();

        admin.abortTransaction(new AbortTransactionSpec(FIRST, hanging.producerId(),
                (short) hanging.producerEpoch(), hanging.coordinatorEpoch().orElse(0))).all()
                .get();

        assertThat(onPartition().currentTransactionStartOffset()).isEmpty();
        assertThat(server.uncommittedUntil(FIRST, "x")).containsExactly("x");
    }

    @Test
    void producerIsFenced() throws Exception {
        KafkaProducer<String, String> producer = open("x");

        admin.fenceProducers(List.of("x")).all().get();

        assertThatThrownBy(producer::commitTransaction).isInstanceOf(KafkaException.class);
        TransactionServer.until(() -> {
            try {
                return onPartition().currentTransactionStartOffset().isEmpty();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }
}
