package io.taffrail.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import io.taffrail.testkit.amqp.Rabbit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A disk that fails under the journal: only durable messages are confirmed. */
class JournalFailureIT {

    private static final int BEFORE = 200;
    private static final int AFTER = 200;
    private static final int PATIENCE_S = 20;

    private final FaultyBroker broker;

    JournalFailureIT(@TempDir Path dir) {
        this.broker = new FaultyBroker(dir, Map.of());
    }

    @AfterEach
    void close() {
        broker.close();
    }

    /** The confirms and rejects that a publisher received; its messages are numbers from 1 on. */
    private static final class Told {

        private final Set<Integer> confirmed = new ConcurrentSkipListSet<>();
        private final Set<Integer> rejected = new ConcurrentSkipListSet<>();
        private final CompletableFuture<ShutdownSignalException> closed = new CompletableFuture<>();

        Told(Channel channel) throws IOException {
            channel.confirmSelect();
            channel.addConfirmListener((tag, multiple) -> add(confirmed, tag, multiple),
                    (tag, multiple) -> add(rejected, tag, multiple));
            channel.getConnection().addShutdownListener(closed::complete);
        }

        private void add(Set<Integer> to, long tag, boolean multiple) {
            for (int each = (int) tag; each > 0 && (multiple || each == tag); each--) {
                if (confirmed.contains(each) || rejected.contains(each)) {
                    break;
                }
                to.add(each);
            }
        }
    }

    private static void publish(Channel channel, int from, int to) throws IOException {
        for (int number = from; number <= to; number++) {
            channel.basicPublish("", "q", null,
                    Integer.toString(number).getBytes(StandardCharsets.US_ASCII));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"UNFORCED", "UNWRITABLE"})
    void clientsAreToldAndNothingIsConfirmedThatIsNotDurable(FaultyDisk.State failure)
            throws Exception {
        Rabbit publisher = Rabbit.connect(broker.amqpAddress());
        Rabbit consumer = Rabbit.connect(broker.amqpAddress());
        Channel channel = publisher.channel();
        channel.queueDeclare("q", true, false, false, null);
        Told told = new Told(channel);
        publish(channel, 1, BEFORE);
        Rabbit.confirmed(channel);
        Channel reading = consumer.channel();
        CompletableFuture<ShutdownSignalException> readerClosed = new CompletableFuture<>();
        reading.getConnection().addShutdownListener(readerClosed::complete);
        Rabbit.Inbox inbox = new Rabbit.Inbox(reading);
        reading.basicConsume("q", false, inbox);
        assertThat(inbox.nextText()).isEqualTo("1");

        broker.disk().become(failure);
        try {
            publish(channel, BEFORE + 1, BEFORE + AFTER);
        } catch (IOException | AlreadyClosedException closedMeanwhile) {
            assertThat(told.closed.get(PATIENCE_S, TimeUnit.SECONDS)).isNotNull();
        }

        for (var closed : List.of(told.closed, readerClosed)) {
            assertThat(closed.get(PATIENCE_S, TimeUnit.SECONDS).getMessage())
                    .contains("reply-code=541")
                    .contains("INTERNAL_ERROR - the broker cannot store any more");
        }
        assertThat(told.confirmed).hasSize(BEFORE);
        assertThat(told.rejected).allMatch(number -> number > BEFORE);

        broker.crashAndRestart();
        try (Rabbit later = Rabbit.connect(broker.amqpAddress())) {
            List<String> kept = Rabbit.drain(later.channel(), "q");
            Set<String> expected = new HashSet<>();
            told.confirmed.forEach(number -> expected.add(number.toString()));
            assertThat(kept).doesNotHaveDuplicates().containsAll(expected);
            Channel again = later.confirming();
            Rabbit.publish(again, "q", "works again");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"UNFORCED", "UNWRITABLE"})
    void whoConnectsAfterwardsIsTurnedAway(FaultyDisk.State failure) throws Exception {
        try (Rabbit publisher = Rabbit.connect(broker.amqpAddress())) {
            Channel channel = publisher.channel();
            channel.queueDeclare("q", true, false, false, null);
            Told told = new Told(channel);
            broker.disk().become(failure);
            publish(channel, 1, 1);
            assertThat(told.closed.get(PATIENCE_S, TimeUnit.SECONDS)).isNotNull();
            assertThat(told.confirmed).isEmpty();
        }
        Rabbit late = Rabbit.connect(broker.amqpAddress());
        CompletableFuture<ShutdownSignalException> closed = new CompletableFuture<>();
        late.connection().addShutdownListener(closed::complete);
        assertThat(closed.get(PATIENCE_S, TimeUnit.SECONDS).getMessage())
                .contains("reply-code=541");
    }
}
