package io.taffrail.kafka.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients cannot fill the memory with transactional ids and partitions. */
@Timeout(120)
class TransactionLimitsTest {

    private static final int LIMIT = 100_000;

    private static final TransactionSettings SETTINGS = TransactionSettings.defaults()
            .withPartitions(2).withChecks(10, 10);

    private static TransactionClient begun(CoordinatorFixture fixture, String id)
            throws Exception {
        TransactionClient client = new TransactionClient(fixture, id);
        client.find();
        assertThat(client.init()).isEqualTo(Errors.NONE);
        assertThat(client.add("t", 0)).isEqualTo(Errors.NONE);
        return client;
    }

    @Test
    void longNamesAreCountedAndRefusedAtTheLimit() throws Exception {
        try (CoordinatorFixture fixture = new CoordinatorFixture(SETTINGS, LIMIT)) {
            fixture.topic("t", 1);
            String name = "x".repeat(Short.MAX_VALUE - 1);
            TransactionClient first = begun(fixture, name + "1");

            assertThat(new TransactionClient(fixture, name + "2").init())
                    .isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
            assertThat(fixture.space().usedBytes()).isBetween(1L, (long) LIMIT);
            assertThat(first.end(true)).isEqualTo(Errors.NONE);
        }
    }

    @Test
    void partitionsAreCountedAndGivenBack() throws Exception {
        try (CoordinatorFixture fixture = new CoordinatorFixture(SETTINGS, LIMIT)) {
            fixture.topic("t", 1100);
            TransactionClient client = begun(fixture, "x");
            Integer[] many = IntStream.range(0, 1100).boxed().toArray(Integer[]::new);

            assertThat(client.add("t", many)).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
            Integer[] fewer = IntStream.range(0, 900).boxed().toArray(Integer[]::new);
            assertThat(client.add("t", fewer)).isEqualTo(Errors.NONE);
            assertThat(fixture.space().usedBytes()).isGreaterThan(LIMIT / 2);
            assertThat(client.end(false)).isEqualTo(Errors.NONE);

            client.awaitState("CompleteAbort");
            assertThat(fixture.space().usedBytes()).isLessThan(1000);
        }
    }

    @Test
    void namesOfTopicsAreCounted() throws Exception {
        try (CoordinatorFixture fixture = new CoordinatorFixture(SETTINGS, LIMIT)) {
            String name = "x".repeat(200);
            fixture.topic("t", 1);
            fixture.topic(name, 400);
            TransactionClient client = begun(fixture, "x");

            assertThat(client.add(name, IntStream.range(0, 400).boxed().toArray(Integer[]::new)))
                    .isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
            assertThat(client.add(name, IntStream.range(0, 200).boxed().toArray(Integer[]::new)))
                    .isEqualTo(Errors.NONE);
            assertThat(fixture.space().usedBytes()).isGreaterThan(200 * 200);
        }
    }

    /** The record of the decision has fields that the last addition lacked. */
    @ParameterizedTest
    @ValueSource(shorts = {0, 2})
    void largestTransactionCanBeEnded(short level) throws Exception {
        try (CoordinatorFixture fixture = new CoordinatorFixture(SETTINGS)) {
            fixture.features().change(levels -> {
                levels.put("transaction.version", level);
                return levels;
            }).join();
            TransactionClient client = new TransactionClient(fixture, "x");
            client.find();
            assertThat(client.init()).isEqualTo(Errors.NONE);
            int most = (TransactionsTopic.MAX_BATCH_BYTES - bytes(1, level)) / Integer.BYTES + 1;
            while (bytes(most, level) > TransactionsTopic.MAX_BATCH_BYTES) {
                most--;
            }

            assertThat(client.join("t", most + 1)).isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
            assertThat(client.join("t", most)).isEqualTo(Errors.NONE);
            assertThat(client.end(5, true)).isEqualTo(Errors.NONE);
            client.awaitState("CompleteCommit");
        }
    }

    /** Size of the record of a transaction with so many partitions. */
    private static int bytes(int partitions, int level) {
        return TransactionRecords.batch(TransactionalId.first("x", 0, 60_000, 0).with(
                IntStream.range(0, partitions).mapToObj(index -> new TopicPart("t", index))
                        .collect(Collectors.toSet()),
                0), level > 0).remaining();
    }

    @Test
    void changeThatIsNotStoredIsNotCounted() throws Exception {
        try (CoordinatorFixture fixture = new CoordinatorFixture(SETTINGS, LIMIT);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            fixture.topic("t", 1);
            TransactionClient client = new TransactionClient(fixture, "x");
            client.find();
            client.init();
            fixture.engine().holdDurability();
            Future<Errors> added = clients.submit(() -> client.add("t", 0));
            while (fixture.engine().unforcedBytes() == 0) {
                Thread.onSpinWait();
            }
            fixture.broker().topics().delete(TransactionsTopic.NAME).join();
            fixture.engine().releaseDurability();

            assertThat(added.get()).isEqualTo(Errors.NOT_COORDINATOR);
            assertThat(fixture.space().usedBytes()).isZero();
        }
    }

    @Test
    void unusedIdsAreRemovedAndStayRemoved() throws Exception {
        try (CoordinatorFixture fixture = new CoordinatorFixture(SETTINGS.withExpirationMs(1),
                LIMIT)) {
            fixture.topic("t", 1);
            TransactionClient open = ongoing(fixture, "open");
            TransactionClient used = ongoing(fixture, "used");
            used.end(true);

            used.awaitState("TRANSACTIONAL_ID_NOT_FOUND");
            assertThat(used.add("t", 0)).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
            assertThat(used.write("t", 0, 0)).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
            assertThat(open.state()).isEqualTo("Ongoing");
            fixture.restart();
            open.find();
            used.find();
            assertThat(used.state()).isEqualTo("TRANSACTIONAL_ID_NOT_FOUND");
            assertThat(open.state()).isEqualTo("Ongoing");
        }
    }

    /** Begins a transaction, also if the id is removed between the requests. */
    private static TransactionClient ongoing(CoordinatorFixture fixture, String id)
            throws Exception {
        TransactionClient client = new TransactionClient(fixture, id);
        client.find();
        do {
            assertThat(client.init()).isEqualTo(Errors.NONE);
        } while (client.add("t", 0) == Errors.INVALID_PRODUCER_ID_MAPPING);
        return client;
    }
}
