package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.DefinitionSpace;
import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.exchange.HistorySpace;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.log.memory.MemoryLogEngine;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DefinitionSpaceTest {

    private static final long LIMIT = 1 << 20;

    private final DefinitionSpace space = new DefinitionSpace(LIMIT);
    private final Topology topology = new Topology(space,
            HistorySpace.ofHeap().part());

    private static ExchangeDeclaration exchange(String name) {
        return new ExchangeDeclaration(name, "headers", true, false, false, FieldTable.EMPTY);
    }

    private static Binding binding(int number) {
        return new Binding("from", "to", false, "key " + number,
                FieldTable.of(Map.of("a", new FieldValue.Text("x".repeat(20_000)))));
    }

    @Test
    void whatIsDeclaredIsCountedUntilItHasGone() {
        long before = space.heldBytes();
        topology.add(exchange("from"));
        topology.add(exchange("to"));
        for (int number = 0; number < 5; number++) {
            topology.add(binding(number));
        }
        assertThat(space.heldBytes() - before).isGreaterThan(5 * 4 * 20_000L);
        topology.remove(binding(3));
        topology.remove(binding(3));
        List<Binding> gone = topology.ofExchange("to");
        assertThat(gone).hasSize(4);
        topology.leave("to");
        gone.forEach(topology::remove);
        topology.left("to");
        assertThat(topology.ofExchange("from")).isEmpty();
        topology.leave("from");
        topology.left("from");
        topology.left("from");
        assertThat(space.heldBytes()).isEqualTo(before);
    }

    @Test
    void queueIsCountedWithItsStateUntilItIsDeleted() {
        try (Host host = new Host(new MemoryLogEngine(Clock.systemUTC()), Clock.systemUTC())) {
            DefinitionSpace held = ((LiveVirtualHost) host.api()).definitions();
            long before = held.heldBytes();
            var _ = host.declare("plain", Map.of());
            long plain = held.heldBytes() - before;
            var _ = host.declare("levels", Map.of("x-max-priority", new FieldValue.Int32(255)));
            // Measured: 5,041 to 7,611 bytes, and 37,150 with 255 priorities.
            assertThat(plain).isGreaterThan(5_000);
            assertThat(held.heldBytes() - before - plain).isGreaterThan(37_000);
            for (String queue : List.of("plain", "levels")) {
                assertThat(host.await(() -> host.api().deleteQueue(queue, Host.SESSION, false,
                        false))).isZero();
            }
            assertThat(held.heldBytes()).isEqualTo(before);
        }
    }

    @Test
    void moreThanTheLimitIsRefusedAndFitsWhenSomethingHasGone() {
        topology.add(exchange("from"));
        topology.add(exchange("to"));
        int count = 0;
        while (space.heldBytes() + DefinitionBytes.of(binding(count)) <= LIMIT) {
            topology.add(binding(count++));
        }
        Binding more = binding(count);
        assertThatThrownBy(() -> space.check(DefinitionBytes.of(more), "a binding"))
                .isInstanceOfSatisfying(BrokerException.class, refused -> assertThat(
                        refused.error()).isEqualTo(BrokerError.OBJECT_LIMIT_REACHED))
                .hasMessageContaining("cannot declare a binding: limit of 1048576 bytes");
        topology.remove(binding(0));
        assertThatCode(() -> space.check(DefinitionBytes.of(more), "a binding"))
                .doesNotThrowAnyException();
    }

    @Test
    void partsCountInTheWholeUntilTheyAreClosed() {
        DefinitionSpace whole = new DefinitionSpace(LIMIT);
        DefinitionSpace one = whole.part();
        DefinitionSpace two = whole.part();
        one.added(LIMIT / 2);
        two.added(LIMIT / 4);
        assertThat(whole.heldBytes()).isEqualTo(LIMIT / 2 + LIMIT / 4);
        assertThatThrownBy(() -> one.check(1, "more")).isInstanceOf(BrokerException.class);
        whole.added(LIMIT / 4);
        assertThatThrownBy(() -> two.check(1, "more")).isInstanceOf(BrokerException.class);
        assertThatCode(() -> two.check(-1, "less")).doesNotThrowAnyException();

        one.close();
        one.removed(7);
        one.close();

        assertThat(whole.heldBytes()).isEqualTo(LIMIT / 2);
        assertThatCode(() -> two.check(1, "more")).doesNotThrowAnyException();
    }
}
