package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.DefinitionSpace;
import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.policy.Policies;
import io.taffrail.broker.policy.Policy;
import io.taffrail.broker.policy.PolicyKind;
import io.taffrail.broker.policy.PolicyRules;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.log.memory.MemoryLogEngine;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every operation that adds a definition to a virtual host is refused when its memory limit is
 * reached. A new operation has to be added here.
 */
class DeclaringTest {

    private interface Operation extends Function<VirtualHost, CompletableFuture<?>> {
        @Override
        CompletableFuture<?> apply(VirtualHost host);
    }

    /** Operations that change something but add no definition. */
    private static final Set<String> ADD_NOTHING = Set.of("checkExchange", "deleteExchange",
            "checkQueue", "deleteQueue", "purgeQueue", "reopenQueue", "unbind", "consume", "get",
            "atomically", "commit", "clear");

    private static final Map<String, Operation> BY_METHOD = Map.of(
            "declareExchange", host -> host.declareExchange(exchange("new")),
            "declareQueue", host -> host.declareQueue(queue("new", true), SteppedHost.SESSION),
            "bind", host -> host.bind(binding(true, "q"), SteppedHost.SESSION),
            "set", host -> host.policies().set(PolicyKind.USER, policy()));

    private final SteppedHost host = new SteppedHost(new MemoryLogEngine(new ManualTime()),
            new ManualTime());

    private static ExchangeDeclaration exchange(String name) {
        return new ExchangeDeclaration(name, "fanout", true, false, false, FieldTable.EMPTY);
    }

    private static QueueDeclaration queue(String name, boolean durable) {
        return new QueueDeclaration(name, durable, false, false, FieldTable.EMPTY);
    }

    private static Binding binding(boolean toQueue, String to) {
        return new Binding("there", to, toQueue, "k", FieldTable.EMPTY);
    }

    private static Policy policy() {
        return PolicyRules.policy(PolicyKind.USER, "p", "^x", "all", 1,
                FieldTable.of(Map.of("max-length", new FieldValue.Int32(1))));
    }

    /** Variants of these operations with code paths of their own. */
    private static Map<String, Operation> all() {
        Map<String, Operation> all = new LinkedHashMap<>(BY_METHOD);
        all.put("a transient queue",
                it -> it.declareQueue(queue("new", false), SteppedHost.SESSION));
        all.put("a queue named by the server",
                it -> it.declareQueue(queue("", false), SteppedHost.SESSION));
        all.put("an exclusive queue", it -> it.declareQueue(
                new QueueDeclaration("new", true, true, false, FieldTable.EMPTY),
                SteppedHost.SESSION));
        all.put("a stream", it -> it.declareQueue(new QueueDeclaration("new", true, false, false,
                FieldTable.of(Map.of("x-queue-type", new FieldValue.Text("stream")))),
                SteppedHost.SESSION));
        all.put("a delayed exchange", it -> it.declareExchange(new ExchangeDeclaration("new",
                "x-delayed-message", true, false, false,
                FieldTable.of(Map.of("x-delayed-type", new FieldValue.Text("direct"))))));
        all.put("a deduplicating exchange", it -> it.declareExchange(new ExchangeDeclaration("new",
                "x-message-deduplication", true, false, false,
                FieldTable.of(Map.of("x-cache-size", new FieldValue.Int32(5))))));
        all.put("a binding of exchanges",
                it -> it.bind(binding(false, "amq.fanout"), SteppedHost.SESSION));
        all.put("an operator's policy",
                it -> it.policies().set(PolicyKind.OPERATOR, PolicyRules.policy(
                        PolicyKind.OPERATOR, "p", "^x", "queues", 1,
                        FieldTable.of(Map.of("max-length", new FieldValue.Int32(1))))));
        return all;
    }

    @BeforeEach
    void declare() {
        host.declare("q", Map.of());
        var _ = host.await(host.api().declareExchange(exchange("there")));
    }

    @Test
    void everyOperationIsNamed() {
        Set<String> changing = Stream.of(VirtualHost.class, Policies.class)
                .flatMap(it -> Arrays.stream(it.getMethods()))
                .filter(it -> it.getReturnType().equals(CompletableFuture.class))
                .map(Method::getName).collect(Collectors.toSet());

        assertThat(changing).containsExactlyInAnyOrderElementsOf(
                Stream.concat(BY_METHOD.keySet().stream(), ADD_NOTHING.stream()).toList());
    }

    @TestFactory
    Stream<DynamicTest> isRefusedWhenThereIsNoMemoryLeft() {
        return all().entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(each.getKey(),
                        () -> isRefused(each.getValue())));
    }

    private void isRefused(Operation declaring) {
        DefinitionSpace space = ((LiveVirtualHost) host.api()).definitions();
        long before = space.heldBytes();
        space.added(Long.MAX_VALUE / 2);

        assertThatThrownBy(() -> host.await(declaring.apply(host.api())))
                .isInstanceOf(CompletionException.class)
                .cause().isInstanceOfSatisfying(BrokerException.class,
                        it -> assertThat(it.error()).isEqualTo(BrokerError.OBJECT_LIMIT_REACHED));

        space.removed(Long.MAX_VALUE / 2);
        assertThat(space.heldBytes()).isEqualTo(before);
    }

    @Test
    void whatIsThereMayBeDeclaredAgainAndAPolicyReplaced() {
        var _ = host.await(host.api().policies().set(PolicyKind.USER, policy()));
        var _ = host.await(host.api().bind(binding(true, "q"), SteppedHost.SESSION));
        DefinitionSpace space = ((LiveVirtualHost) host.api()).definitions();
        space.added(Long.MAX_VALUE / 2);

        assertThatCode(() -> {
            var _ = host.await(host.api().declareExchange(exchange("there")));
            var _ = host.await(
                    host.api().declareQueue(queue("q", true), SteppedHost.SESSION));
            var _ = host.await(host.api().bind(binding(true, "q"), SteppedHost.SESSION));
        }).doesNotThrowAnyException();
        space.removed(Long.MAX_VALUE / 2);
        long before = space.heldBytes();
        var _ = host.await(host.api().policies().set(PolicyKind.USER, policy()));
        assertThat(space.heldBytes()).isEqualTo(before);
        var _ = host.await(host.api().policies().clear(PolicyKind.USER, "p"));
        assertThat(space.heldBytes()).isLessThan(before);
    }
}
