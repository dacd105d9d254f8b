package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.policy.Policy;
import io.taffrail.broker.policy.PolicyKind;
import io.taffrail.broker.policy.PolicyRules;
import io.taffrail.broker.queue.QueueSettings;
import io.taffrail.broker.vhost.Host.Got;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Policies and operator policies. */
class PolicyTest extends HostTest {

    private static FieldValue number(long value) {
        return new FieldValue.Int64(value);
    }

    private static FieldValue text(String value) {
        return new FieldValue.Text(value);
    }

    private void set(PolicyKind kind, String name, String pattern, int priority,
            Map<String, FieldValue> definition) {
        Policy policy = PolicyRules.policy(kind, name, pattern, "all", priority,
                FieldTable.of(definition));
        var _ = host.await(() -> host.api().policies().set(kind, policy));
    }

    private void set(String name, String pattern, int priority,
            Map<String, FieldValue> definition) {
        set(PolicyKind.USER, name, pattern, priority, definition);
    }

    private void clear(PolicyKind kind, String name) {
        var _ = host.await(() -> host.api().policies().clear(kind, name));
    }

    private QueueSettings settings(String queue) {
        return ((LiveVirtualHost) host.api()).queue(queue).orElseThrow().settings();
    }

    @Test
    void limitIsAppliedAtOnceAndTakenBack() {
        var _ = host.declare("q", Map.of());
        for (int index = 0; index < 5; index++) {
            assertThat(host.publish("q", "m" + index)).isTrue();
        }

        set("short", "^q$", 0, Map.of("max-length", number(2)));
        assertThat(host.status("q").ready()).isEqualTo(2);
        clear(PolicyKind.USER, "short");
        assertThat(host.publish("q", "m5")).isTrue();

        assertThat(host.status("q").ready()).isEqualTo(3);
        assertThat(host.get("q", Optional.empty())).map(Got::body).contains("m3");
    }

    @Test
    void streamKeepsWhatThePolicySays() {
        var _ = host.declare("s", Map.of("x-queue-type", text("stream")));
        set("small", "^s$", 0, Map.of("max-length-bytes", number(50_000),
                "stream-max-segment-size-bytes", number(20_000)));

        for (int index = 0; index < 100; index++) {
            assertThat(host.publish("s", "m".repeat(5_000))).isTrue();
        }

        assertThat(host.status("s").ready()).isBetween(10L, 20L);
    }

    @Test
    void streamThatIsThereDropsAtOnceWhatIsTooMuch() {
        var _ = host.declare("s", Map.of("x-queue-type", text("stream"),
                "x-stream-max-segment-size-bytes", number(20_000)));
        for (int index = 0; index < 100; index++) {
            assertThat(host.publish("s", "m".repeat(5_000))).isTrue();
        }
        assertThat(host.status("s").ready()).isEqualTo(100);

        set("small", "^s$", 0, Map.of("max-length-bytes", number(50_000)));
        assertThat(host.status("s").ready()).isBetween(10L, 20L);

        clear(PolicyKind.USER, "small");
        for (int index = 0; index < 100; index++) {
            assertThat(host.publish("s", "m".repeat(5_000))).isTrue();
        }
        assertThat(host.status("s").ready()).isBetween(110L, 120L);
    }

    @Test
    void bytesThatCameBeforeARestartCount() {
        var _ = host.declare("q", Map.of());
        for (int index = 0; index < 5; index++) {
            assertThat(host.publish("q", "12345")).isTrue();
        }
        crash();
        assertThat(host.get("q", Optional.empty())).isPresent();
        assertThat(host.publish("q", "12345")).isTrue();

        set("small", "q", 0, Map.of("max-length-bytes", number(12)));

        assertThat(host.status("q").ready()).isEqualTo(2);
    }

    @Test
    void timeToLiveAppliesToWhatIsThere() {
        var _ = host.declare("dead", Map.of());
        var _ = host.declare("q", Map.of());
        assertThat(host.publish("q", "m")).isTrue();

        set("ttl", "^q", 0, Map.of("message-ttl", number(100), "dead-letter-exchange", text(""),
                "dead-letter-routing-key", text("dead")));
        assertThat(host.status("q").ready()).isEqualTo(1);
        time.pass(100, host.owner());

        assertThat(host.get("dead", Optional.empty())).map(Got::body).contains("m");
    }

    @Test
    void unusedQueueGoes() {
        var _ = host.declare("q", Map.of());
        set("expires", "^q", 0, Map.of("expires", number(100)));

        time.pass(100, host.owner());

        assertThatThrownBy(() -> host.status("q")).hasMessageContaining("no queue 'q'");
    }

    @Test
    void highestPriorityAppliesAlone() {
        var _ = host.declare("q", Map.of());
        set("low", "q", 1, Map.of("max-length", number(1), "message-ttl", number(1)));
        set("high", "q", 2, Map.of("max-length", number(7)));
        set("other", "x", 9, Map.of("max-length", number(3)));

        assertThat(settings("q").limits().maxLength()).hasValue(7);
        assertThat(settings("q").expiry().messageTtlMs()).isEmpty();
    }

    @Test
    void lesserLimitHoldsAndOtherArgumentsGoBeforePolicies() {
        set("policy", "q", 0, Map.of("max-length", number(5), "message-ttl", number(50),
                "overflow", text("reject-publish"), "dead-letter-exchange", text("policy")));
        var _ = host.declare("q", Map.of("x-max-length", number(3), "x-message-ttl",
                number(70), "x-dead-letter-exchange", text("argument")));

        QueueSettings settings = settings("q");

        assertThat(settings.limits().maxLength()).hasValue(3);
        assertThat(settings.expiry().messageTtlMs()).hasValue(50);
        assertThat(settings.limits().overflow())
                .isEqualTo(QueueSettings.Overflow.REJECT_PUBLISH);
        assertThat(settings.deadLetters().exchange()).contains("argument");
    }

    @Test
    void operatorPolicyLimitsWhatUsersSet() {
        set("mine", "q", 0, Map.of("max-length", number(5), "overflow",
                text("reject-publish")));
        set(PolicyKind.OPERATOR, "limit", "", 0,
                Map.of("max-length", number(4), "expires", number(1000)));
        var _ = host.declare("q", Map.of());
        assertThat(settings("q").limits().maxLength()).hasValue(4);
        assertThat(settings("q").expiry().unusedMs()).hasValue(1000);
        assertThat(settings("q").limits().overflow())
                .isEqualTo(QueueSettings.Overflow.REJECT_PUBLISH);

        clear(PolicyKind.OPERATOR, "limit");

        assertThat(settings("q").limits().maxLength()).hasValue(5);
    }

    @Test
    void policyWithAKeyOfAnotherTypeDoesNotApply() {
        set("limit", "q", 0, Map.of("delivery-limit", number(3), "max-length", number(1)));
        var _ = host.declare("q", Map.of());
        var _ = host.declare("q2", Map.of("x-queue-type", text("quorum")));

        assertThat(settings("q").limits().maxLength()).isEmpty();
        assertThat(settings("q2").limits().maxLength()).hasValue(1);
        assertThat(settings("q2").deliveryLimit()).hasValue(3);
    }

    @Test
    void exchangeGetsAnAlternate() {
        ExchangeDeclaration exchange = new ExchangeDeclaration("x", "direct", true, false, false,
                FieldTable.EMPTY);
        var _ = host.await(() -> host.api().declareExchange(exchange));
        var _ = host.declare("rest", Map.of());
        var _ = host.await(() -> host.api()
                .bind(new Binding("amq.fanout", "rest", true, "", FieldTable.EMPTY), Host.SESSION));
        set("ae", "^x$", 0, Map.of("alternate-exchange", text("amq.fanout")));

        assertThat(host.awaitConfirm(host.send("x", "k", "m", Properties.none()))).isTrue();
        assertThat(host.get("rest", Optional.empty())).map(Got::body).contains("m");
        clear(PolicyKind.USER, "ae");
        assertThat(host.awaitConfirm(host.send("x", "k", "m", Properties.none()))).isTrue();

        assertThat(host.get("rest", Optional.empty())).isEmpty();
    }

    @Test
    void policiesSurviveACrash() {
        set("short", "^q$", 3, Map.of("max-length", number(2)));
        set(PolicyKind.OPERATOR, "limit", ".*", 0, Map.of("max-length", number(1)));
        var _ = host.declare("q", Map.of());

        crash();

        assertThat(settings("q").limits().maxLength()).hasValue(1);
        assertThat(host.owner().call(() -> host.api().policies().list(PolicyKind.USER)))
                .singleElement().satisfies(policy -> {
                    assertThat(policy.name()).isEqualTo("short");
                    assertThat(policy.priority()).isEqualTo(3);
                    assertThat(policy.pattern().text()).isEqualTo("^q$");
                });
    }

    @Test
    void duplicatesAreDroppedByPolicy() {
        var _ = host.declare("q", Map.of());
        Properties marked = Properties.none()
                .withHeaders(FieldTable.of(Map.of("x-deduplication-header", text("a"))));
        assertThat(host.awaitConfirm(host.send("", "q", "m", marked))).isTrue();

        set("once", "q", 0, Map.of("x-message-deduplication", new FieldValue.Bool(true)));
        assertThat(host.awaitConfirm(host.send("", "q", "again", marked))).isTrue();

        assertThat(host.status("q").ready()).isEqualTo(1);
    }

    @Test
    void refusesWhatIsNoPolicy() {
        assertRefused("(", Map.of("max-length", number(1)),
                "pattern should be regular expression but is invalid");
        assertRefused("", Map.of(), "no policy provided");
        assertRefused("", Map.of("max-length", number(-1)), "-1 is not a valid maximum length");
        assertRefused("", Map.of("overflow", text("x")), "<<\"x\">> is not a valid overflow value");
        assertRefused("", Map.of("foo", number(1)),
                "[{<<\"foo\">>,1}] are not recognised policy settings");
        assertThatThrownBy(() -> set(PolicyKind.OPERATOR, "p", "", 0,
                Map.of("dead-letter-exchange", text("x")))).hasMessageContaining(
                        "[{<<\"dead-letter-exchange\">>,<<\"x\">>}] are not recognised");
        assertThatThrownBy(() -> PolicyRules.policy(PolicyKind.USER, "p", "", "everything", 0,
                FieldTable.of(Map.of("max-length", number(1)))))
                .hasMessageContaining("apply-to 'everything' unrecognised");
        assertThatThrownBy(() -> clear(PolicyKind.USER, "none"))
                .hasMessageContaining("no policy '");
    }

    private void assertRefused(String pattern, Map<String, FieldValue> definition, String text) {
        assertThatThrownBy(() -> set("p", pattern, 0, definition))
                .hasMessageStartingWith("Validation failed\n\n").hasMessageContaining(text);
    }

    @Test
    void whatMeansNothingToATypeOfQueueIsPassedOver() {
        var _ = host.declare("classic", Map.of());
        var _ = host.declare("quorum", Map.of("x-queue-type", text("quorum")));
        var _ = host.declare("stream", Map.of("x-queue-type", text("stream")));

        set("all", "", 0, Map.of("queue-leader-locator", text("balanced"), "queue-version",
                number(2), "stream-filter-size-bytes", number(16), "consumer-timeout",
                number(9_000)));

        assertThat(settings("classic").consumerTimeoutMs()).hasValue(9_000);
        assertThat(settings("quorum").consumerTimeoutMs()).hasValue(9_000);
        assertThat(host.declare("later", Map.of("x-queue-type", text("quorum"))).name())
                .isEqualTo("later");
    }

    @Test
    void valuesThatNoQueueCanFollowAreRefused() {
        Map<String, FieldValue> impossible = Map.of("message-ttl", number(315_360_000_001L),
                "expires",
                number(315_360_000_001L), "max-age", text("0D"), "stream-filter-size-bytes",
                number(256), "stream-max-segment-size-bytes", number(3_000_000_001L));

        impossible.forEach((key, value) -> assertThatThrownBy(
                () -> set("p", "", 0, Map.of(key, value))).as(key)
                .hasMessageContaining("is not a valid"));
    }

    @Test
    void aPolicyThatCannotBeStoredChangesNothing() {
        var _ = host.declare("q", Map.of());
        set("first", "^q$", 0, Map.of("max-length", number(7)));
        // Its name has no form in the store.
        String unstorable = "x".repeat(1 << 16);

        assertThatThrownBy(() -> set(unstorable, "^q$", 1, Map.of("max-length", number(2))))
                .isNotNull();

        assertThat(settings("q").limits().maxLength()).hasValue(7);
        assertThat(host.owner().call(() -> host.api().policies().list(PolicyKind.USER)))
                .extracting(Policy::name).containsExactly("first");
    }
}
