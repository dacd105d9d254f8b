package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.outbox.FaultyEngine;
import io.taffrail.broker.vhost.Host.Got;
import io.taffrail.log.Refusal;
import io.taffrail.log.memory.MemoryLogEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A turn that the engine refuses, with publishes and dead letters for one queue: rejected messages
 * are not stored later, letters are, and de-duplication marks are kept or dropped with their
 * messages.
 */
class RefusedTurnTest {

    private static final String LETTERS = "letters";

    private final ManualTime time = new ManualTime();
    private final MemoryLogEngine memory = new MemoryLogEngine(time);
    private final FaultyEngine engine = new FaultyEngine(memory);
    private final Host host = new Host(engine, time);

    @AfterEach
    void close() {
        host.close();
        memory.close();
        host.abandon();
    }

    /** Declares an exchange that drops duplicates, bound to the queue of letters. */
    private void once(boolean durable) {
        ExchangeDeclaration exchange = new ExchangeDeclaration("once", "x-message-deduplication",
                durable, false, false,
                FieldTable.of(Map.of("x-cache-size", new FieldValue.Int32(10))));
        var _ = host.await(() -> host.api().declareExchange(exchange));
        bind(LETTERS);
    }

    private void bind(String queue) {
        var _ = host.await(() -> host.api()
                .bind(new Binding("once", queue, true, "", FieldTable.EMPTY), Host.SESSION));
    }

    /**
     * Publishes a message to a queue with a dead-letter exchange, and returns its delivery in
     * flight.
     */
    private Got held(String exchange, Properties properties) {
        var _ = host.declare("from", Map.of("x-dead-letter-exchange", new FieldValue.Text(exchange),
                "x-dead-letter-routing-key", new FieldValue.Text(LETTERS)));
        assertThat(host.awaitConfirm(host.send("", "from", "letter", properties))).isTrue();
        return host.consume("from", 0).take();
    }

    private static Properties marked(int mark) {
        return Properties.none().withHeaders(
                FieldTable.of(Map.of("x-deduplication-header", new FieldValue.Int32(mark))));
    }

    private boolean publish(String exchange, String body, int mark) {
        return host.awaitConfirm(host.send(exchange, LETTERS, body, marked(mark)));
    }

    /** Refuses the turn of {@code body}, then lets the next turn be stored. */
    private void refused(Runnable body) {
        engine.refuse(Refusal.DISK_FULL, 1, _ -> true);
        host.run(body);
        host.run(() -> {}); // Ends the turn first.
        assertThat(engine.refused()).isEqualTo(1);
        time.pass(1_000, host.owner());
    }

    private List<String> drain() {
        List<String> bodies = new ArrayList<>();
        for (Optional<Got> got = get(); got.isPresent(); got = get()) {
            bodies.add(got.get().body());
        }
        return bodies;
    }

    private Optional<Got> get() {
        return host.get(LETTERS, Optional.empty());
    }

    @Test
    void whatWasRejectedIsNotStoredWithALetterOfTheSameTurn() {
        var _ = host.declare(LETTERS, Map.of());
        once(true);
        Got letter = held("", Properties.none());

        refused(() -> {
            host.postNow("once", LETTERS, "rejected", marked(1));
            letter.delivery().reject();
        });

        assertThat(host.awaitConfirm(host.lastTag())).isFalse();
        assertThat(publish("once", "sent again", 1)).isTrue();
        assertThat(drain()).containsExactly("letter", "sent again");
    }

    @Test
    void aLetterThatIsStoredLaterKeepsItsMark() {
        var _ = host.declare(LETTERS, Map.of());
        once(true);
        Got letter = held("once", marked(1));

        refused(letter.delivery()::reject);

        assertThat(publish("once", "duplicate", 1)).isTrue();
        assertThat(drain()).containsExactly("letter");
    }

    @Test
    void whatWasRejectedLeavesNoMarkInMemory() {
        var _ = host.declare(LETTERS, Map.of());
        var _ = host.declare("other", Map.of());
        once(false);
        bind("other");

        refused(() -> host.postNow("once", LETTERS, "rejected", marked(1)));

        assertThat(host.awaitConfirm(host.lastTag())).isFalse();
        assertThat(publish("once", "sent again", 1)).isTrue();
        assertThat(drain()).containsExactly("sent again");
    }

    @Test
    void aQueueKnowsWhereALetterWentThatCameAfterWhatWasRejected() {
        var _ = host.declare(LETTERS, Map.of("x-message-deduplication", new FieldValue.Bool(true)));
        Got letter = held("", marked(1));

        refused(() -> {
            host.postNow("", LETTERS, "rejected", marked(2));
            letter.delivery().reject();
        });

        assertThat(publish("", "duplicate", 1)).isTrue();
        assertThat(publish("", "sent again", 2)).isTrue();
        assertThat(drain()).containsExactly("letter", "sent again");
        assertThat(publish("", "next", 1)).isTrue();
        assertThat(drain()).containsExactly("next");
    }
}
