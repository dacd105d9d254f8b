package io.taffrail.broker.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.topic.Partition;
import io.taffrail.log.LogId;
import io.taffrail.log.Refusal;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.spi.ReadResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An outbox whose log fails and recovers: no message is lost or stored twice. */
@Timeout(60)
class OutboxFailureTest extends TwoLoopsTest {

    OutboxFailureTest(@TempDir Path directory) {
        super(directory);
    }

    /** Waits until a commit was refused, and the log it put out of use is reopened. */
    private void awaitReopened() {
        while (world.engine().refused() == 0) {
            Thread.onSpinWait();
        }
        while (!world.call(() -> world.host().quarantined()).isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aLetterThatItsLogRefusesStaysInItsQueueAndIsSentLater() {
        world.declare("q", elsewhere(), Map.of());
        world.engine().refuse(Refusal.STORAGE_FAILED, 1, TwoLoopsTest::sends);
        publishAndReject("a");

        awaitReopened();
        assertThat(world.ready("q")).isEqualTo(1);
        assertThat(TwoLoops.bodies(elsewhere())).isEmpty();
        world.reject("q");
        publishAndReject("b");

        world.awaitEnd(elsewhere(), 2);
        // While the outbox is out of use the first letter waits, and may be overtaken.
        assertThat(TwoLoops.bodies(elsewhere())).containsExactlyInAnyOrder("a", "b");
        assertThat(world.ready("q")).isZero();
        world.crash(2);
        assertThat(TwoLoops.bodies(elsewhere())).containsExactlyInAnyOrder("a", "b");
        assertThat(world.drain("q")).isEmpty();
    }

    @Test
    void aFanOutThatItsLogRefusesIsRejectedAndLaterOnesArrive() {
        Partition to = elsewhere();
        world.declare("q", Map.of());
        world.bind("amq.fanout", "q", "");
        world.bind("amq.fanout", "t-" + to.index(), "");
        world.engine().refuse(Refusal.STORAGE_FAILED, 1, TwoLoopsTest::sends);
        assertThat(world.publish("amq.fanout", "", "refused")).isFalse();

        while (!world.publish("amq.fanout", "", "stored")) {
            Thread.onSpinWait();
        }

        assertThat(TwoLoops.bodies(to)).containsExactly("stored");
        world.crash(2);
        assertThat(TwoLoops.bodies(elsewhere())).containsExactly("stored");
        // A message rejected because of one target may be stored in others.
        assertThat(world.drain("q")).last().isEqualTo("stored");
    }

    @Test
    void aDelayedMessageThatItsLogRefusesComesOnce() {
        Partition to = elsewhere();
        var _ = world.await(() -> world.host().declareExchange(new ExchangeDeclaration("later",
                "x-delayed-message", true, false, false,
                FieldTable.of(Map.of("x-delayed-type", new FieldValue.Text("direct"))))));
        world.bind("later", "t-" + to.index(), "k");
        world.engine().refuse(Refusal.STORAGE_FAILED, 1, TwoLoopsTest::sends);

        assertThat(OwnerThread.await(world.send("later", "k", "delayed", Properties.none()
                .withHeaders(FieldTable.of(Map.of("x-delay", new FieldValue.Int32(20)))))))
                .isTrue();

        world.awaitEnd(to, 1);
        awaitReopened();
        assertThat(world.engine().refused()).isEqualTo(1);
        world.restart();
        assertThat(TwoLoops.bodies(elsewhere())).containsExactly("delayed");
        assertThat(world.call(() -> world.host().pending().count())).isZero();
    }

    @Test
    void whatCannotBeReadForAWhileIsSentAfterwards() {
        world.declare("q", elsewhere(), Map.of());
        AtomicInteger left = new AtomicInteger(3);
        world.engine().answerReads(_ -> left.getAndDecrement() > 0
                ? Optional.of(new ReadResult.Unreadable("as told"))
                : Optional.empty());

        publishAndReject("a", "b");

        world.awaitEnd(elsewhere(), 2);
        assertThat(TwoLoops.bodies(elsewhere())).containsExactly("a", "b");
        world.crash(2);
        assertThat(TwoLoops.bodies(elsewhere())).containsExactly("a", "b");
    }

    @Test
    void anEntryThatIsDamagedKeepsNoOthersFromTheirDestination() {
        world.declare("q", elsewhere(), Map.of());
        world.engine().answerReads(offset -> offset == 0
                ? Optional.of(new ReadResult.Damaged(0, 1, "as told"))
                : Optional.empty());

        publishAndReject("a", "b");

        world.awaitEnd(elsewhere(), 1);
        assertThat(TwoLoops.bodies(elsewhere())).containsExactly("b");
        assertThat(world.broker().lostLetters().count()).isEqualTo(1);
    }

    @Test
    void aStartPassesOverAnEntryThatIsDamaged() {
        world.declare("q", elsewhere(), Map.of());
        world.engine().refuse(Refusal.DISK_FULL, TwoLoopsTest::receives);
        publishAndReject("a", "b");
        assertThat(world.publish("", "q", "left")).isTrue();
        LogId outbox = world.engine().logs("@outbox-").stream()
                .filter(it -> it.nextOffset() > 0).findFirst().orElseThrow().id();

        world.restart(() -> flip(world.folder(outbox).resolve("0".repeat(20) + ".log"), 70));

        world.awaitEnd(elsewhere(), 1);
        assertThat(TwoLoops.bodies(elsewhere())).containsExactly("b");
        assertThat(world.drain("q")).containsExactly("left");
    }

    private static void flip(Path file, long position) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            int read = channel.read(one, position);
            assertThat(read).isOne();
            one.put(0, (byte) (one.get(0) ^ 0x10));
            int written = channel.write(one.flip(), position);
            assertThat(written).isOne();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
