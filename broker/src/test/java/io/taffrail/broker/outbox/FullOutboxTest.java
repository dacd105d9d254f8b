package io.taffrail.broker.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.topic.Partition;
import io.taffrail.log.Refusal;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.spi.WritableLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An outbox that holds as much as it may, because its destination takes nothing: the sources keep
 * their messages, and publishers are told.
 */
class FullOutboxTest extends TwoLoopsTest {

    private static final int LIMIT_BYTES = 64 << 20;
    private static final String BODY = "x".repeat(900_000);

    FullOutboxTest(@TempDir Path directory) {
        super(directory);
    }

    private long outboxBytes() {
        return world.call(() -> world.engine().logs("@outbox-").stream()
                .mapToLong(WritableLog::sizeBytes).sum());
    }

    /** The number at the start of each body. */
    private static List<Integer> numbers(Partition partition) {
        return TwoLoops.bodies(partition).stream()
                .map(body -> Integer.parseInt(body.substring(0, 4))).toList();
    }

    @Test
    void sourcesKeepTheirMessagesAndPublishersAreTold() {
        Partition to = elsewhere();
        world.declare("q", to, Map.of());
        world.declare("other", Map.of());
        world.bind("amq.fanout", "other", "");
        world.bind("amq.fanout", "t-" + to.index(), "");
        var _ = world.await(() -> world.host().declareExchange(new ExchangeDeclaration("later",
                "x-delayed-message", true, false, false,
                FieldTable.of(Map.of("x-delayed-type", new FieldValue.Text("direct"))))));
        world.bind("later", "t-" + to.index(), "k");
        world.engine().refuse(Refusal.DISK_FULL, TwoLoopsTest::receives);

        // Five letters more than fit.
        int letters = LIMIT_BYTES / BODY.length() + 1 + 5;
        for (int number = 0; number < letters; number++) {
            assertThat(world.publish("", "q", "%04d".formatted(number) + BODY)).isTrue();
            world.reject("q");
        }
        int delayed = letters;
        assertThat(OwnerThread.await(world.send("later", "k", "%04d".formatted(delayed),
                Properties.none().withHeaders(
                        FieldTable.of(Map.of("x-delay", new FieldValue.Int32(1)))))))
                .isTrue();
        assertThat(world.publish("amq.fanout", "", "refused")).isFalse();
        // Others of the same owner go on.
        assertThat(world.publish("", "other", "taken")).isTrue();

        assertThat(outboxBytes()).isBetween((long) LIMIT_BYTES, LIMIT_BYTES + 2L * BODY.length());
        assertThat(world.call(() -> world.host().pending().count())).isEqualTo(1);
        assertThat(numbers(to)).isEmpty();
        assertThat(world.broker().lostLetters().count()).isZero();

        world.engine().refuseNothing();

        world.awaitEnd(to, letters + 1L);
        assertThat(numbers(to)).containsExactlyInAnyOrderElementsOf(
                IntStream.rangeClosed(0, delayed).boxed().toList());
        while (!world.publish("amq.fanout", "", "%04d".formatted(letters + 1))) {
            Thread.onSpinWait(); // The outbox is trimmed when its receiver has answered.
        }
        world.awaitEnd(to, letters + 2L);
        world.crash(2);
        assertThat(numbers(elsewhere())).hasSize(letters + 2).doesNotHaveDuplicates();
        assertThat(world.drain("q")).isEmpty();
        assertThat(outboxBytes()).isLessThan(LIMIT_BYTES);
    }
}
