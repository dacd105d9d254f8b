package io.taffrail.broker.why;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.why.Cause.Kind;
import io.taffrail.broker.why.ConsumerStanding.Block;
import io.taffrail.broker.why.QueueStanding.Traits;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The causes for which messages wait. */
class CausesTest {

    private static final Traits PLAIN = new Traits(false, false, 0);
    private static final long NOW_MS = 1_000_000_000;

    private final Causes causes = new Causes(NOW_MS);

    private static ConsumerStanding consumer(Block block, long held) {
        return new ConsumerStanding("c1", "1.2.3.4:5 -> 1.2.3.4:5672", true, 0, 10, held,
                OptionalLong.of(7), OptionalLong.of(NOW_MS - 180_000), block);
    }

    private static QueueStanding queue(long ready, long held, Traits traits,
            ConsumerStanding... consumers) {
        return new QueueStanding("orders", ready, held, 0, OptionalLong.of(17), false,
                List.of(consumers), consumers.length, traits, Optional.empty());
    }

    private List<Kind> kinds(QueueStanding queue) {
        return causes.of(queue).stream().map(Cause::kind).toList();
    }

    @Test
    void nobodyConsumes() {
        assertThat(kinds(queue(3, 0, PLAIN))).containsExactly(Kind.NO_CONSUMER);
    }

    @Test
    void thePrefetchIsFullSinceTheLastDelivery() {
        assertThat(causes.of(queue(3, 10, PLAIN, consumer(Block.PREFETCH_FULL, 10))))
                .singleElement().satisfies(cause -> {
                    assertThat(cause.kind()).isEqualTo(Kind.PREFETCH_FULL);
                    assertThat(cause.text()).contains("c1", "1.2.3.4:5", "10 of at most 10",
                            "3 min");
                });
    }

    @Test
    void aClientDoesNotRead() {
        assertThat(kinds(queue(3, 0, PLAIN, consumer(Block.NOT_READING, 0))))
                .containsExactly(Kind.SLOW_CONSUMER);
    }

    @Test
    void deliveriesGoOnBesideAFullConsumer() {
        assertThat(kinds(queue(3, 10, PLAIN, consumer(Block.PREFETCH_FULL, 10),
                consumer(Block.NONE, 0)))).containsExactly(Kind.UNDER_WAY, Kind.PREFETCH_FULL);
    }

    @Test
    void oneConsumerIsActive() {
        assertThat(kinds(queue(3, 10, new Traits(false, true, 0),
                consumer(Block.PREFETCH_FULL, 10), consumer(Block.NOT_ACTIVE, 0))))
                .containsExactly(Kind.PREFETCH_FULL, Kind.SINGLE_ACTIVE);
    }

    @Test
    void allIsHeldByAConsumerAndAChannel() {
        assertThat(kinds(queue(0, 5, PLAIN, consumer(Block.NONE, 3))))
                .containsExactly(Kind.HELD, Kind.HELD);
    }

    @Test
    void nothingWaits() {
        assertThat(kinds(queue(0, 0, PLAIN))).containsExactly(Kind.NOTHING_WAITS);
    }

    @Test
    void aMessageWaitsBehindOthers() {
        MessageStanding message = new MessageStanding(9, MessageState.READY, 0, 4,
                Optional.empty());
        assertThat(causes.of(message, queue(9, 0, PLAIN)).getFirst().kind())
                .isEqualTo(Kind.BEHIND_OTHERS);
        assertThat(causes.of(message, queue(9, 0, new Traits(false, false, 5))).getFirst()
                .kind()).isEqualTo(Kind.BEHIND_PRIORITY);
    }

    @Test
    void aMessageIsHeldBySomebody() {
        MessageStanding message = new MessageStanding(9, MessageState.HELD, 0, 0,
                Optional.of(consumer(Block.PREFETCH_FULL, 10)));
        assertThat(causes.of(message, queue(9, 10, PLAIN))).singleElement()
                .satisfies(cause -> assertThat(cause.text()).contains("c1"));
    }
}
