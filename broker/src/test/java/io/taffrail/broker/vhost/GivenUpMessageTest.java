package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.vhost.Host.Got;
import io.taffrail.broker.vhost.Host.Recorder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Expiry, length limits and dead-lettering. */
class GivenUpMessageTest extends HostTest {

    @BeforeEach
    void declareTarget() {
        var _ = host.declare("dead", Map.of());
    }

    private void declare(Map<String, FieldValue> arguments) {
        Map<String, FieldValue> all = new HashMap<>(arguments);
        all.put("x-dead-letter-exchange", new FieldValue.Text(""));
        all.put("x-dead-letter-routing-key", new FieldValue.Text("dead"));
        var _ = host.declare("q", all);
    }

    private static FieldValue number(int value) {
        return new FieldValue.Int32(value);
    }

    private Got dead() {
        return host.get("dead", Optional.empty()).orElseThrow();
    }

    private static Map<String, FieldValue> death(Got got, int index) {
        if (got.properties().headers().get("x-death")
                .orElseThrow() instanceof FieldValue.ListOf(List<FieldValue> deaths)
                && deaths.get(index) instanceof FieldValue.TableOf(FieldTable entry)) {
            return entry.entries();
        }
        throw new AssertionError("no history in " + got.properties().headers());
    }

    private Got deadAfterExpiry(Map<String, FieldValue> headers) {
        declare(Map.of("x-message-ttl", number(100)));
        long sent = host.send("", "q", "m", Properties.none().withHeaders(FieldTable.of(headers)));
        assertThat(host.awaitConfirm(sent)).isTrue();
        assertThat(host.status("q").ready()).isEqualTo(1);
        time.pass(100, host.owner());
        return dead();
    }

    @Test
    void theFirstDeathIsTheBrokersWhateverThePublisherSaid() {
        Got got = deadAfterExpiry(Map.of("x-first-death-reason", new FieldValue.Text("mine")));

        assertThat(got.properties().headers().get("x-first-death-reason"))
                .contains(new FieldValue.Text("expired"));
    }

    @Test
    void deathsWithoutCountsBecomeOneForEachQueueAndReason() {
        FieldValue old = new FieldValue.TableOf(
                FieldTable.of(Map.of("queue", new FieldValue.Text("old"), "reason",
                        new FieldValue.Text("rejected"))));
        FieldValue.ListOf history = new FieldValue.ListOf(List.of(old, number(7), old, old));

        Got got = deadAfterExpiry(Map.of("x-death", history));

        assertThat(death(got, 0)).containsEntry("queue", new FieldValue.Text("q"));
        assertThat(death(got, 1)).containsEntry("queue", new FieldValue.Text("old"))
                .containsEntry("count", new FieldValue.Int64(3));
        assertThat(got.properties().headers().get("x-death").orElseThrow())
                .isInstanceOfSatisfying(FieldValue.ListOf.class,
                        deaths -> assertThat(deaths.values()).hasSize(2));
    }

    @Test
    void aMessageThatComesBackExpiresBeforeTheYoungerOneBehindIt() {
        declare(Map.of("x-message-ttl", number(100)));
        assertThat(host.publish("q", "old")).isTrue();
        GetHolder holder = host.owner().call(() -> new GetHolder(List.of()));
        Got held = host.get("q", Optional.of(holder)).orElseThrow();
        time.pass(50, host.owner());
        assertThat(host.publish("q", "young")).isTrue();
        assertThat(host.status("q").ready()).isEqualTo(1);

        host.run(held.delivery()::requeue);
        time.pass(50, host.owner());

        assertThat(dead().body()).isEqualTo("old");
        assertThat(host.status("q").ready()).isEqualTo(1);
    }

    @Test
    void expiresAfterTheTimeOfTheQueue() {
        declare(Map.of("x-message-ttl", number(100)));
        assertThat(host.publish("q", "m")).isTrue();

        time.pass(99, host.owner());
        assertThat(host.status("q").ready()).isEqualTo(1);
        time.pass(1, host.owner());

        assertThat(host.status("q").ready()).isZero();
        Got got = dead();
        assertThat(got.body()).isEqualTo("m");
        assertThat(death(got, 0)).containsEntry("reason", new FieldValue.Text("expired"))
                .containsEntry("queue", new FieldValue.Text("q"))
                .containsEntry("count", new FieldValue.Int64(1))
                .containsEntry("exchange", new FieldValue.Text(""))
                .containsEntry("time", new FieldValue.Timestamp(time.millis() / 1000))
                .containsEntry("routing-keys",
                        new FieldValue.ListOf(List.of(new FieldValue.Text("q"))));
        assertThat(got.properties().headers().entries())
                .containsEntry("x-first-death-reason", new FieldValue.Text("expired"))
                .containsEntry("x-first-death-queue", new FieldValue.Text("q"))
                .containsEntry("x-first-death-exchange", new FieldValue.Text(""));
    }

    @Test
    void expiresAfterItsOwnTimeWhichIsRemembered() {
        declare(Map.of("x-message-ttl", number(100)));
        long tag = host.send("", "q", "m",
                Properties.none().withText(Property.EXPIRATION, "50"));
        assertThat(host.awaitConfirm(tag)).isTrue();

        time.pass(50, host.owner());

        Got got = dead();
        assertThat(got.properties().has(Property.EXPIRATION)).isFalse();
        assertThat(death(got, 0)).containsEntry("original-expiration", new FieldValue.Text("50"));
    }

    @Test
    void onlyTheHeadExpires() {
        declare(Map.of());
        assertThat(host.publish("q", "stays")).isTrue();
        long tag = host.send("", "q", "goes",
                Properties.none().withText(Property.EXPIRATION, "10"));
        assertThat(host.awaitConfirm(tag)).isTrue();

        time.pass(1000, host.owner());

        assertThat(host.status("q").ready()).isEqualTo(2);
        assertThat(host.get("q", Optional.empty())).map(Got::body).contains("stays");
        assertThat(host.get("q", Optional.empty())).isEmpty();
        assertThat(dead().body()).isEqualTo("goes");
    }

    @Test
    void timeOfZeroReachesAWaitingConsumerOnly() {
        declare(Map.of("x-message-ttl", number(0)));
        assertThat(host.publish("q", "early")).isTrue();
        Recorder consumer = host.consume("q", 1);
        assertThat(host.publish("q", "right")).isTrue();

        assertThat(consumer.take().body()).isEqualTo("right");
        assertThat(dead().body()).isEqualTo("early");
    }

    @Test
    void oldestGoWhenThereAreTooMany() {
        declare(Map.of("x-max-length", number(2)));
        for (int i = 0; i < 5; i++) {
            host.post("q", "m" + i);
        }

        assertThat(host.status("q").ready()).isEqualTo(2);
        assertThat(host.get("q", Optional.empty())).map(Got::body).contains("m3");
        Got got = dead();
        assertThat(got.body()).isEqualTo("m0");
        assertThat(death(got, 0)).containsEntry("reason", new FieldValue.Text("maxlen"));
    }

    @Test
    void oldestGoWhenTheyAreTooLarge() {
        declare(Map.of("x-max-length-bytes", number(5)));
        for (int i = 0; i < 3; i++) {
            host.post("q", "m" + i);
        }

        assertThat(host.status("q").ready()).isEqualTo(2);
    }

    @Test
    void newestAreRefusedWhereAskedFor() {
        declare(Map.of("x-max-length", number(1), "x-overflow",
                new FieldValue.Text("reject-publish-dlx")));

        assertThat(host.publish("q", "kept")).isTrue();
        assertThat(host.publish("q", "refused")).isFalse();

        assertThat(host.status("q").ready()).isEqualTo(1);
        assertThat(dead().body()).isEqualTo("refused");
    }

    @Test
    void rejectedMessageIsCountedWhenItComesRound() {
        declare(Map.of());
        assertThat(host.publish("q", "m")).isTrue();
        Recorder consumer = host.consume("q", 1);
        host.run(consumer.take().delivery()::reject);
        Got first = dead();
        long tag = host.send("", "q", first.body(), first.properties());
        assertThat(host.awaitConfirm(tag)).isTrue();
        host.run(consumer.take().delivery()::reject);

        assertThat(death(dead(), 0)).containsEntry("count", new FieldValue.Int64(2));
    }

    @Test
    void circleWithoutARejectionEnds() {
        var _ = host.declare("round", Map.of("x-message-ttl", number(10),
                "x-dead-letter-exchange", new FieldValue.Text("")));
        assertThat(host.publish("round", "m")).isTrue();
        assertThat(host.status("round").ready()).isEqualTo(1);

        time.pass(10, host.owner());

        assertThat(host.status("round").ready()).isZero();
    }

    @Test
    void quorumQueueCountsDeliveriesAndGivesUp() {
        declare(Map.of("x-queue-type", new FieldValue.Text("quorum"), "x-delivery-limit",
                number(1)));
        assertThat(host.publish("q", "m")).isTrue();
        Recorder consumer = host.consume("q", 1);
        Got first = consumer.take();
        assertThat(first.properties().has(Property.HEADERS)).isFalse();
        host.run(first.delivery()::requeue);
        Got second = consumer.take();
        assertThat(second.properties().headers().get("x-delivery-count"))
                .contains(new FieldValue.Int64(1));

        host.run(second.delivery()::requeue);

        assertThat(death(dead(), 0)).containsEntry("reason", new FieldValue.Text("delivery_limit"));
    }

    @Test
    void unusedQueueGoes() {
        var _ = host.declare("short", Map.of("x-expires", number(100)));
        time.pass(99, host.owner());
        assertThat(host.status("short").ready()).isZero();
        time.pass(99, host.owner());
        assertThat(host.status("short").ready()).isZero();

        time.pass(100, host.owner());

        var _ = host.declare("short", Map.of());
    }
}
