package io.taffrail.broker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A walk in steps reaches what it reaches at once, whatever other walks there are in between. */
class WalkInStepsTest {

    private static final int EXCHANGES = 6;
    private static final int QUEUES = 12;
    private static final List<ExchangeType> TYPES = List.of(ExchangeType.TOPIC,
            ExchangeType.HEADERS, ExchangeType.DIRECT, ExchangeType.FANOUT, ExchangeType.JMS_TOPIC,
            ExchangeType.TOPIC);
    private static final Properties HEADERS = Properties.none().withHeaders(
            FieldTable.of(Map.of("h", new FieldValue.Text("a"))));

    /** A destination in place of a queue. */
    private static final class Target extends Destination {
        @Override
        protected void reach(Walk walk) {
            walk.found(this);
        }
    }

    /** A gate with the marks of stored messages, here one that has not begun with any. */
    private static final class Marks implements Gate {
        private int held;
        private boolean known;
        private boolean out;

        @Override
        public boolean isOut() {
            return out;
        }

        @Override
        public boolean admits(Properties properties) {
            if (known || held > 0) {
                return false;
            }
            held++;
            return true;
        }

        @Override
        public void withdraw(Properties properties) {
            held--;
        }
    }

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final List<Exchange> exchanges = new ArrayList<>();

    private static Exchange exchange(ExchangeType type, Router router) {
        return new Exchange(new ExchangeDeclaration("x", type.text(), true, false, false,
                FieldTable.EMPTY), router);
    }

    private static Exchange exchange(ExchangeType type) {
        return exchange(type, Router.of(new ExchangeDeclaration("x", type.text(), true, false,
                false, FieldTable.EMPTY), HistorySpace.ofHeap().part()));
    }

    private static void bind(Exchange from, Destination to, String key) {
        Map<String, FieldValue> arguments = new LinkedHashMap<>();
        arguments.put("h", new FieldValue.Text(key));
        arguments.put(JmsSelector.ARGUMENT, new FieldValue.Text(
                "{'like',{'ident',<<\"h\">>},<<\"%" + key + "\">>,no_escape}."));
        arguments.put("x-match", new FieldValue.Text("all"));
        from.router().add(new Binding("x", "to" + System.identityHashCode(to), true, key,
                FieldTable.of(arguments)), to);
    }

    private String key() {
        StringBuilder key = new StringBuilder("a");
        for (int words = random.nextInt(4); words > 0; words--) {
            key.append('.').append("ab*#".charAt(random.nextInt(4)));
        }
        return random.nextInt(3) == 0 ? "#" : key.toString();
    }

    private void topology() {
        exchanges.clear();
        for (int index = 0; index < EXCHANGES; index++) {
            exchanges.add(exchange(TYPES.get(index)));
        }
        List<Destination> destinations = new ArrayList<>(exchanges);
        for (int index = 0; index < QUEUES; index++) {
            destinations.add(new Target());
        }
        for (int index = 0; index < 40; index++) {
            bind(exchanges.get(random.nextInt(EXCHANGES)),
                    destinations.get(random.nextInt(destinations.size())), key());
        }
        exchanges.get(random.nextInt(EXCHANGES))
                .alternate(Optional.of(exchanges.get(random.nextInt(EXCHANGES))));
    }

    @Test
    void stepsReachWhatOneStepReaches() {
        Walk atOnce = new Walk();
        int suspended = 0;
        for (int round = 0; round < 500; round++) {
            topology();
            List<String> keys = List.of(key(), key(), key());
            atOnce.begin(HEADERS);
            atOnce.from(exchanges.getFirst(), "a.b", keys);
            List<Destination> expected = List.copyOf(atOnce.queues());

            Walk inSteps = new Walk();
            inSteps.begin(HEADERS);
            boolean over = inSteps.from(exchanges.getFirst(), "a.b", keys, 1);
            while (!over) {
                suspended++;
                inSteps.suspend(HEADERS);
                atOnce.begin(HEADERS);
                atOnce.from(exchanges.get(random.nextInt(EXCHANGES)), key(), List.of(key()));
                over = inSteps.goOn(1 + random.nextInt(3));
            }

            assertThat(inSteps.queues()).as("seed %d", seed).containsExactlyElementsOf(expected);
        }
        assertThat(suspended).as("seed %d", seed).isGreaterThan(500);
    }

    /** Each step ends soon after its limit, though one key alone costs as much as many steps. */
    @Test
    void aStepIsShort() {
        Exchange topic = exchange(ExchangeType.TOPIC);
        Set<String> patterns = new HashSet<>();
        for (int bits = 0; bits < 1 << 8; bits++) {
            StringBuilder pattern = new StringBuilder("#");
            for (int bit = 0; bit < 8; bit++) {
                pattern.append((bits >> bit & 1) == 0 ? ".*" : ".#");
            }
            patterns.add(pattern.toString());
        }
        patterns.forEach(it -> bind(topic, new Target(), it));
        Walk walk = new Walk();
        walk.begin(Properties.none());
        String key = "a" + ".a".repeat(120);

        boolean over = walk.from(topic, key, List.of(), 100);
        int steps = 1;
        while (!over) {
            walk.suspend(Properties.none());
            long before = walk.cost();
            over = walk.goOn(100);
            steps++;
            assertThat(walk.cost() - before).as("one word at 511 nodes and 256 matches at most")
                    .isLessThan(1000);
        }

        assertThat(steps).isGreaterThan(100);
        assertThat(walk.queues()).hasSize(patterns.size());
    }

    /** Selectors that read a long header, each about half as costly as one step may be. */
    @Test
    void aStepExaminesFewCostlySelectors() {
        Exchange selecting = exchange(ExchangeType.JMS_TOPIC);
        String like = "{'like',{'ident',<<\"h\">>},<<\"%" + "a".repeat(254) + "b\">>,no_escape}.";
        for (int index = 0; index < 10; index++) {
            selecting.router().add(new Binding("x", "q", true, "k" + index, FieldTable.of(
                    Map.of(JmsSelector.ARGUMENT, new FieldValue.Text(like)))), new Target());
        }
        Properties headers = Properties.none().withHeaders(FieldTable.of(
                Map.of("h", new FieldValue.Text("a".repeat(100_000)))));
        Walk walk = new Walk();
        walk.begin(headers);

        boolean over = walk.from(selecting, "", List.of(), 16_384);
        int steps = 1;
        while (!over) {
            walk.suspend(headers);
            over = walk.goOn(16_384);
            steps++;
        }

        assertThat(steps).isEqualTo(4);
    }

    @Test
    void aBindingRemovedMeanwhileIsNotFollowed() {
        Exchange topic = exchange(ExchangeType.TOPIC);
        Target first = new Target();
        Target second = new Target();
        bind(topic, first, "one");
        bind(topic, second, "two");
        Walk walk = new Walk();
        walk.begin(Properties.none());

        assertThat(walk.from(topic, "one", List.of("two"), 1)).isFalse();
        walk.suspend(Properties.none());
        topic.router().remove(new Binding("x", "to" + System.identityHashCode(second), true,
                "two", FieldTable.EMPTY), second);
        walk.goOn(Long.MAX_VALUE);

        assertThat(walk.queues()).containsExactly(first);
    }

    @Test
    void anExchangeDeletedMeanwhileRemembersNothing() {
        RecentHistory history = new RecentHistory(FieldTable.EMPTY, HistorySpace.ofHeap().part());
        Exchange remembering = exchange(ExchangeType.RECENT_HISTORY,
                new RecentHistoryRouter(history));
        Message message = new Message("x", "", Properties.none(), ByteBuffer.allocate(1));
        Walk walk = new Walk();
        walk.begin(Properties.none());
        walk.from(remembering, "", List.of());
        walk.remember(message);
        assertThat(history.messages()).hasSize(1);

        history.clear();
        walk.remember(message);

        assertThat(history.messages()).isEmpty();
    }

    /** A topic exchange behind a gate, with a walk that is suspended behind the gate. */
    private static Walk gated(Marks marks) {
        Exchange gated = exchange(ExchangeType.TOPIC, Router.gated(marks, new TopicRouter()));
        bind(gated, new Target(), "#");
        Walk walk = new Walk();
        walk.begin(Properties.none());
        assertThat(walk.from(gated, "a.b.c", List.of("d"), 1)).isFalse();
        walk.suspend(Properties.none());
        walk.goOn(Long.MAX_VALUE);
        return walk;
    }

    @Test
    void aGateHoldsNoMarkWhileTheWalkIsSuspended() {
        Marks marks = new Marks();
        Walk walk = gated(marks);
        assertThat(marks.held).isZero();
        walk.withdraw();
        assertThat(marks.held).isZero();

        assertThat(walk.isAdmitted()).isTrue();
        assertThat(marks.held).isEqualTo(1);
        walk.withdraw();
        assertThat(marks.held).isZero();
    }

    @Test
    void aGateThatDecidesOtherwiseInTheEndStopsTheMessage() {
        Marks marks = new Marks();
        Walk passed = gated(marks);
        marks.known = true;
        assertThat(passed.isAdmitted()).as("the same message came meanwhile").isFalse();

        Walk stopped = gated(marks);
        assertThat(stopped.queues()).isEmpty();
        assertThat(stopped.isAdmitted()).isTrue();
        marks.known = false;
        assertThat(stopped.isAdmitted()).as("the first message failed meanwhile").isFalse();
        assertThat(marks.held).isZero();

        Walk out = gated(marks);
        marks.out = true;
        assertThat(out.isAdmitted()).isFalse();
    }
}
