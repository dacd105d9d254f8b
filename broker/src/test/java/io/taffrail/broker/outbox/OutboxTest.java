package io.taffrail.broker.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.topic.Partition;
import io.taffrail.log.Refusal;
import io.taffrail.log.contract.OwnerThread;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that move from a queue to a log of another owner. */
class OutboxTest extends TwoLoopsTest {

    OutboxTest(@TempDir Path directory) {
        super(directory);
    }

    private static FieldValue text(String value) {
        return new FieldValue.Text(value);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void letterOfARefusedTurnIsStoredOnce(boolean here) {
        Partition to = world.partition(here);
        world.declare("q", to, Map.of());
        assertThat(world.publish("", "q", "a")).isTrue();
        world.engine().refuse(Refusal.OVERLOADED, 1, logs -> true);

        world.reject("q");

        world.awaitEnd(to, 1);
        assertThat(TwoLoops.bodies(to)).containsExactly("a");
        assertThat(world.engine().refused()).isEqualTo(1);
        world.crash(2);
        assertThat(TwoLoops.bodies(world.partition(here))).containsExactly("a");
        assertThat(world.ready("q")).isZero();
    }

    @Test
    void letterWaitsForADestinationWithoutRoom() {
        world.declare("q", elsewhere(), Map.of());
        world.engine().refuse(Refusal.DISK_FULL, 2, TwoLoopsTest::receives);

        publishAndReject("a", "b", "c");

        world.awaitEnd(elsewhere(), 3);
        assertThat(TwoLoops.bodies(elsewhere())).containsExactly("a", "b", "c");
        assertThat(world.engine().refused()).isEqualTo(2);
    }

    @Test
    void nextStartSendsWhatADestinationDidNotTake() {
        world.declare("q", elsewhere(), Map.of());
        world.engine().refuse(Refusal.DISK_FULL, TwoLoopsTest::receives);
        publishAndReject("a", "b");
        // Confirmed after the settlements, so these are durable.
        assertThat(world.publish("", "q", "left")).isTrue();
        assertThat(TwoLoops.bodies(elsewhere())).isEmpty();

        world.crash(2);

        assertThat(TwoLoops.bodies(elsewhere())).containsExactly("a", "b");
        assertThat(world.drain("q")).containsExactly("left");
        world.crash(2);
        assertThat(TwoLoops.bodies(elsewhere())).containsExactly("a", "b");
    }

    @Test
    void startWithOtherOwnersSendsIt() {
        int index = elsewhere().index();
        world.declare("q", elsewhere(), Map.of());
        publishAndReject("before");
        world.awaitEnd(elsewhere(), 1);
        world.engine().refuse(Refusal.DISK_FULL, TwoLoopsTest::receives);
        publishAndReject("a", "b");
        assertThat(world.publish("", "q", "left")).isTrue();

        world.crash(1);
        assertThat(bodiesOf(index)).containsExactly("before", "a", "b");
        world.crash(3);
        assertThat(bodiesOf(index)).containsExactly("before", "a", "b");
    }

    private List<String> bodiesOf(int index) {
        return TwoLoops.bodies(
                world.broker().topics().find("t").orElseThrow().partitions().get(index));
    }

    @Test
    void whatFollowsALetterDoesNotOvertakeIt() {
        Partition to = elsewhere();
        world.declare("q", to, Map.of());
        world.engine().refuse(Refusal.OVERLOADED, 1, TwoLoopsTest::receives);
        publishAndReject("letter");

        assertThat(world.publish("t", "" + to.index(), "published")).isTrue();

        world.awaitEnd(to, 2);
        assertThat(TwoLoops.bodies(to)).containsExactly("letter", "published");
    }

    @Test
    void deletedTopicLosesItsLettersAndHoldsUpNoOthers() {
        world.declare("q", elsewhere(), Map.of());
        world.engine().refuse(Refusal.DISK_FULL, TwoLoopsTest::receives);
        publishAndReject("a", "b");
        assertThat(world.publish("", "q", "c")).isTrue();
        var _ = OwnerThread.await(world.broker().topics().delete("t"));
        world.createTopic(Map.of());
        world.engine().refuseNothing();

        world.reject("q");

        world.awaitEnd(elsewhere(), 1);
        assertThat(TwoLoops.bodies(elsewhere())).containsExactly("c");
        world.restart();
        assertThat(TwoLoops.bodies(elsewhere())).containsExactly("c");
    }

    @Test
    void topicThatHasBecomeCompactedTakesLettersWithAKeyOnly() {
        Partition to = elsewhere();
        world.declare("q", Map.of("x-dead-letter-exchange", text("amq.fanout")));
        world.bind("amq.fanout", "t-" + to.index(), "");
        world.engine().refuse(Refusal.DISK_FULL, TwoLoopsTest::receives);
        assertThat(world.publish("", "q", "keyed")).isTrue();
        world.reject("q");
        world.declare("k", Map.of("x-dead-letter-exchange", text("amq.fanout"),
                "x-dead-letter-routing-key", text("")));
        assertThat(world.publish("", "k", "keyless")).isTrue();
        world.reject("k");
        var _ = OwnerThread.await(world.broker().topics().alterConfig("t",
                _ -> Map.of("cleanup.policy", "compact")));
        world.engine().refuseNothing();

        world.awaitEnd(elsewhere(), 1);
        world.restart();

        assertThat(TwoLoops.bodies(elsewhere())).containsExactly("keyed");
    }

    @Test
    void letterThatATopicNeverTakesIsCountedAsLost() {
        Partition to = elsewhere();
        var _ = OwnerThread.await(world.broker().topics().alterConfig("t",
                _ -> Map.of("max.message.bytes", "1000")));
        world.declare("q", to, Map.of());
        publishAndReject("x".repeat(2000), "small");

        world.awaitEnd(to, 1);
        assertThat(TwoLoops.bodies(to)).containsExactly("small");
        assertThat(world.broker().lostLetters().count()).isEqualTo(1);
        assertThat(world.ready("q")).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void atLeastOnceKeepsWhatATopicDoesNotTake(boolean here) {
        Partition to = world.partition(here);
        var _ = OwnerThread.await(world.broker().topics().alterConfig("t",
                _ -> Map.of("max.message.bytes", "1000")));
        world.declare("q", to, Map.of("x-queue-type", text("quorum"), "x-overflow",
                text("reject-publish"), "x-dead-letter-strategy", text("at-least-once")));
        String large = "x".repeat(2000);
        publishAndReject(large, "small");
        world.awaitEnd(to, 1);
        assertThat(TwoLoops.bodies(to)).containsExactly("small");

        var _ = OwnerThread.await(world.broker().topics().alterConfig("t", _ -> Map.of()));

        world.awaitEnd(world.partition(here), 2);
        assertThat(TwoLoops.bodies(world.partition(here))).containsExactly("small", large);
        assertThat(world.broker().lostLetters().count()).isZero();
    }

    @Test
    void delayedMessageGoesToAnotherOwnerOnce() {
        Partition to = elsewhere();
        var _ = world.await(() -> world.host()
                .declareExchange(new io.taffrail.broker.exchange.ExchangeDeclaration("later",
                        "x-delayed-message", true, false, false,
                        FieldTable.of(Map.of("x-delayed-type", text("direct"))))));
        world.bind("later", "t-" + to.index(), "k");
        world.engine().refuse(Refusal.OVERLOADED, 1, TwoLoopsTest::sends);

        assertThat(OwnerThread.await(world.send("later", "k", "delayed", Properties.none()
                .withHeaders(FieldTable.of(Map.of("x-delay", new FieldValue.Int32(20)))))))
                .isTrue();

        world.awaitEnd(to, 1);
        assertThat(world.engine().refused()).isEqualTo(1);
        world.restart();
        assertThat(TwoLoops.bodies(elsewhere())).containsExactly("delayed");
    }

    @Test
    void fanOutIsStoredEverywhereOrNowhere() {
        Partition to = elsewhere();
        world.declare("q", Map.of());
        world.bind("amq.fanout", "q", "");
        world.bind("amq.fanout", "t-" + to.index(), "");
        world.engine().refuse(Refusal.OVERLOADED, 1, TwoLoopsTest::sends);
        assertThat(world.publish("amq.fanout", "", "refused")).isFalse();

        assertThat(world.publish("amq.fanout", "", "stored")).isTrue();

        assertThat(TwoLoops.bodies(to)).containsExactly("stored");
        world.crash(2);
        assertThat(TwoLoops.bodies(elsewhere())).containsExactly("stored");
        assertThat(world.drain("q")).containsExactly("stored");
    }

    @Test
    void outboxGivesItsSpaceBack() {
        world.declare("q", elsewhere(), Map.of());
        String large = "x".repeat(300_000);
        List<String> bodies = new ArrayList<>();
        for (int index = 0; index < 8; index++) {
            bodies.add(large);
        }

        publishAndReject(bodies.toArray(String[]::new));

        world.awaitEnd(elsewhere(), 8);
        world.settle(elsewhere());
        assertThat(world.engine().logs("@outbox-")).hasSize(2)
                .allMatch(log -> log.sizeBytes() <= 1 << 20);
        world.restart();
        assertThat(TwoLoops.bodies(elsewhere())).hasSize(8);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatNobodyKnowsIsFoundOutWithoutARestart(boolean stored) {
        world.declare("q", elsewhere(), Map.of());
        world.engine().throwOnce(stored, TwoLoopsTest::receives);

        publishAndReject("a", "b");

        world.awaitEnd(elsewhere(), 2);
        publishAndReject("c");
        world.awaitEnd(elsewhere(), 3);
        assertThat(TwoLoops.bodies(elsewhere())).containsExactly("a", "b", "c");
        world.crash(2);
        assertThat(TwoLoops.bodies(elsewhere())).containsExactly("a", "b", "c");
    }

    @Test
    void anInboxWhoseLogFailedIsOpenedAnew() {
        world.declare("q", elsewhere(), Map.of());
        world.engine().refuse(Refusal.STORAGE_FAILED, 1, TwoLoopsTest::receives);

        publishAndReject("a", "b");

        world.awaitEnd(elsewhere(), 2);
        assertThat(TwoLoops.bodies(elsewhere())).containsExactly("a", "b");
    }

    @Test
    void anOutboxIsOpenedAnewByCommand() {
        world.declare("q", elsewhere(), Map.of());
        publishAndReject("a");
        world.awaitEnd(elsewhere(), 1);
        String outbox = world.engine().logs("@outbox-").getFirst().id().value();
        int epoch = world.engine().logs(outbox).getFirst().leaderEpoch();

        assertThat(OwnerThread.await(world.broker().reopening().reopen("/", outbox))).isTrue();

        assertThat(world.engine().logs(outbox).getFirst().leaderEpoch()).isGreaterThan(epoch);
        publishAndReject("b");
        world.awaitEnd(elsewhere(), 2);
        assertThat(TwoLoops.bodies(elsewhere())).containsExactly("a", "b");
        world.crash(2);
        assertThat(TwoLoops.bodies(elsewhere())).containsExactly("a", "b");
    }
}
