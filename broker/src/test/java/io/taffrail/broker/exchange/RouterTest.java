package io.taffrail.broker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Table;
import io.taffrail.broker.message.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTest {

    /** Stands for a queue. */
    private static final class Target extends Destination {

        private final String name;

        Target(String name) {
            this.name = name;
        }

        @Override
        protected void reach(Walk walk) {
            walk.found(this);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private final Walk walk = new Walk();

    private static Exchange exchange(String name, ExchangeType type) {
        return new Exchange(new ExchangeDeclaration(name, type.text(), true, false, false,
                Table.EMPTY), Router.of(type));
    }

    private static void bind(Exchange from, Destination to, String key, Map<String, Value> args) {
        from.router().add(new Binding(from.name(), to.toString(), true, key, Table.of(args)), to);
    }

    private List<String> route(Exchange exchange, String key, Properties properties) {
        walk.begin(properties);
        walk.from(exchange, key, List.of());
        return walk.queues().stream().map(Object::toString).toList();
    }

    @ParameterizedTest
    @CsvSource({"#,'',true", "#,a.b,true", "*,a,true", "*,'',false", "*,a.b,false", "a.#,a,true",
        "a.#,a.b.c,true", "#.c,a.b.c,true", "#.c,c,true", "a.*.c,a.b.c,true",
        "a.*.c,a.c,false", "#.b.#,a.b.c,true", "#.b.#,b,true", "#.b.#,a.c,false",
        "a..b,a..b,true", "a.*.b,a..b,true", "#.#,'',true", "*.#,'',false", "*.#,a,true"})
    void topicPatternsMatchWords(String pattern, String key, boolean matches) {
        Exchange exchange = exchange("x", ExchangeType.TOPIC);
        bind(exchange, new Target("q"), pattern, Map.of());

        assertThat(route(exchange, key, Properties.none())).hasSize(matches ? 1 : 0);
    }

    @Test
    void trieFindsWhatPatternsOneByOneFind() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            Exchange exchange = exchange("x", ExchangeType.TOPIC);
            Map<Target, String> patterns = new LinkedHashMap<>();
            for (int index = 0; index < 12; index++) {
                Target target = new Target("q" + index);
                String pattern = words(random, List.of("a", "b", "*", "#", ""));
                patterns.put(target, pattern);
                bind(exchange, target, pattern, Map.of());
            }
            Target gone = patterns.keySet().iterator().next();
            exchange.router().remove(new Binding("x", gone.toString(), true,
                    String.valueOf(patterns.remove(gone)), Table.EMPTY), gone);
            for (int trial = 0; trial < 20; trial++) {
                String key = words(random, List.of("a", "b", "c", ""));
                TreeSet<String> expected = new TreeSet<>();
                patterns.forEach((target, pattern) -> {
                    if (matches(split(pattern), split(key))) {
                        expected.add(target.toString());
                    }
                });
                assertThat(new TreeSet<>(route(exchange, key, Properties.none())))
                        .as("seed %d, key '%s', patterns %s", seed, key, patterns)
                        .isEqualTo(expected);
            }
        }
    }

    private static String words(Random random, List<String> of) {
        List<String> words = new ArrayList<>();
        for (int left = random.nextInt(6); left > 0; left--) {
            words.add(of.get(random.nextInt(of.size())));
        }
        return String.join(".", words);
    }

    private static List<String> split(String key) {
        return key.isEmpty() ? List.of() : List.of(key.split("\\.", -1));
    }

    private static boolean matches(List<String> pattern, List<String> key) {
        if (pattern.isEmpty()) {
            return key.isEmpty();
        }
        List<String> rest = pattern.subList(1, pattern.size());
        if (pattern.getFirst().equals("#")) {
            for (int skip = 0; skip <= key.size(); skip++) {
                if (matches(rest, key.subList(skip, key.size()))) {
                    return true;
                }
            }
            return false;
        }
        boolean first = !key.isEmpty() && (pattern.getFirst().equals("*")
                || pattern.getFirst().equals(key.getFirst()));
        return first && matches(rest, key.subList(1, key.size()));
    }

    @Test
    void everyExchangeLooksAtAllKeys() {
        Exchange first = exchange("first", ExchangeType.DIRECT);
        Exchange second = exchange("second", ExchangeType.TOPIC);
        bind(first, second, "one", Map.of());
        bind(second, new Target("q"), "two", Map.of());

        walk.begin(Properties.none());
        walk.from(first, "none", List.of("one", "two"));

        assertThat(walk.queues()).hasToString("[q]");
    }

    @Test
    void theAlternateGetsWhatNoKeyLeadsOnFrom() {
        Exchange exchange = exchange("x", ExchangeType.DIRECT);
        Exchange alternate = exchange("ae", ExchangeType.FANOUT);
        exchange.alternate(Optional.of(alternate));
        bind(exchange, new Target("bound"), "yes", Map.of());
        bind(alternate, new Target("rest"), "", Map.of());

        walk.begin(Properties.none());
        walk.from(exchange, "no", List.of("yes"));
        assertThat(walk.queues()).hasToString("[bound]");
        walk.begin(Properties.none());
        walk.from(exchange, "no", List.of("neither"));
        assertThat(walk.queues()).hasToString("[rest]");
    }

    @Test
    void headersAreEqualByValueWhateverTheirType() {
        assertThat(HeaderValues.equal(new Value.Text("1"), new Value.Bytes(new byte[]{'1'})))
                .isTrue();
        assertThat(HeaderValues.equal(new Value.Int32(1), new Value.Float64(1))).isTrue();
        assertThat(HeaderValues.equal(new Value.Timestamp(1), new Value.Int8((byte) 1))).isTrue();
        assertThat(HeaderValues.equal(new Value.ListOf(List.of()), new Value.TableOf(Table.EMPTY)))
                .isTrue();
        assertThat(HeaderValues.equal(new Value.Text("1"), new Value.Int32(1))).isFalse();
        assertThat(HeaderValues.equal(new Value.Bool(true), new Value.Int32(1))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"all,true,false", "any,true,true"})
    void headersMatchAllOrAny(String match, boolean whole, boolean half) {
        Exchange exchange = exchange("x", ExchangeType.HEADERS);
        bind(exchange, new Target("q"), "", Map.of("x-match", new Value.Text(match), "a",
                new Value.Int32(1), "b", new Value.None()));

        assertThat(route(exchange, "", headers(Map.of("a", new Value.Int64(1), "b",
                new Value.Bool(false))))).hasSize(whole ? 1 : 0);
        assertThat(route(exchange, "", headers(Map.of("a", new Value.Int8((byte) 1)))))
                .hasSize(half ? 1 : 0);
        assertThat(route(exchange, "", headers(Map.of("a", new Value.Text("1"))))).isEmpty();
    }

    private static Properties headers(Map<String, Value> headers) {
        return Properties.none().withHeaders(Table.of(headers));
    }

    @Test
    void circleOfExchangesDeliversOnce() {
        Exchange one = exchange("one", ExchangeType.FANOUT);
        Exchange two = exchange("two", ExchangeType.FANOUT);
        Target queue = new Target("q");
        bind(one, two, "", Map.of());
        bind(two, one, "", Map.of());
        bind(one, queue, "", Map.of());
        bind(two, queue, "", Map.of());

        assertThat(route(one, "k", Properties.none())).containsExactly("q");
    }

    @Test
    void unboundMessageGoesToTheAlternate() {
        Exchange one = exchange("one", ExchangeType.DIRECT);
        Exchange two = exchange("two", ExchangeType.FANOUT);
        one.alternate(Optional.of(two));
        bind(one, new Target("bound"), "k", Map.of());
        bind(two, new Target("rest"), "", Map.of());

        assertThat(route(one, "k", Properties.none())).containsExactly("bound");
        assertThat(route(one, "other", Properties.none())).containsExactly("rest");
    }

    /** Hashes as org.apache.kafka.common.utils.Utils.murmur2 has them in its own test. */
    @ParameterizedTest
    @CsvSource({"21,-973932308", "foobar,-790332482", "a-little-bit-long-string,-985981536",
        "a-little-bit-longer-string,-1486304829",
        "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8,-58897971"})
    void partitionsAreFoundByKafkasHash(String key, int hash) {
        assertThat(PartitionRouter.murmur2(key.getBytes(StandardCharsets.UTF_8))).isEqualTo(hash);
        PartitionRouter router = new PartitionRouter();
        List<Target> partitions = List.of(new Target("p0"), new Target("p1"), new Target("p2"));
        router.partitions(partitions);
        Exchange exchange = new Exchange(new ExchangeDeclaration("t", "direct", true, false, false,
                Table.EMPTY), router);

        assertThat(route(exchange, key, Properties.none()))
                .containsExactly("p" + (hash & Integer.MAX_VALUE) % 3);
    }

    @Test
    void partitionsAreFoundByTheirNumberAndInTurns() {
        PartitionRouter router = new PartitionRouter();
        List<Target> partitions = List.of(new Target("p0"), new Target("p1"));
        router.partitions(partitions);
        Exchange exchange = new Exchange(new ExchangeDeclaration("t", "direct", true, false, false,
                Table.EMPTY), router);
        bind(exchange, partitions.get(0), "0", Map.of());
        bind(exchange, partitions.get(1), "1", Map.of());

        assertThat(route(exchange, "0", Properties.none())).containsExactly("p0");
        assertThat(route(exchange, "1", Properties.none())).containsExactly("p1");
        List<String> turns = new ArrayList<>(route(exchange, "", Properties.none()));
        turns.addAll(route(exchange, "", Properties.none()));
        assertThat(turns).containsExactlyInAnyOrder("p0", "p1");
    }
}
