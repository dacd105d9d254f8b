package io.taffrail.broker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTest {

    /** A destination in place of a queue. */
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
        return exchange(name, type, Map.of());
    }

    private static Exchange exchange(String name, ExchangeType type, Map<String, FieldValue> args) {
        ExchangeDeclaration declaration = new ExchangeDeclaration(name, type.text(), true, false,
                false, FieldTable.of(args));
        return new Exchange(declaration, Router.of(declaration, HistorySpace.ofHeap().part()));
    }

    private static void bind(Exchange from, Destination to, String key,
            Map<String, FieldValue> args) {
        from.router().add(new Binding(from.name(), to.toString(), true, key, FieldTable.of(args)),
                to);
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
                    String.valueOf(patterns.remove(gone)), FieldTable.EMPTY), gone);
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
        assertThat(
                HeaderValues.equal(new FieldValue.Text("1"), new FieldValue.Bytes(new byte[]{'1'})))
                .isTrue();
        assertThat(HeaderValues.equal(new FieldValue.Int32(1), new FieldValue.Float64(1))).isTrue();
        assertThat(HeaderValues.equal(new FieldValue.Timestamp(1), new FieldValue.Int8((byte) 1)))
                .isTrue();
        assertThat(HeaderValues.equal(new FieldValue.ListOf(List.of()),
                new FieldValue.TableOf(FieldTable.EMPTY)))
                .isTrue();
        assertThat(HeaderValues.equal(new FieldValue.Text("1"), new FieldValue.Int32(1))).isFalse();
        assertThat(HeaderValues.equal(new FieldValue.Bool(true), new FieldValue.Int32(1)))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"all,true,false", "any,true,true"})
    void headersMatchAllOrAny(String match, boolean whole, boolean half) {
        Exchange exchange = exchange("x", ExchangeType.HEADERS);
        bind(exchange, new Target("q"), "", Map.of("x-match", new FieldValue.Text(match), "a",
                new FieldValue.Int32(1), "b", new FieldValue.None()));

        assertThat(route(exchange, "", headers(Map.of("a", new FieldValue.Int64(1), "b",
                new FieldValue.Bool(false))))).hasSize(whole ? 1 : 0);
        assertThat(route(exchange, "", headers(Map.of("a", new FieldValue.Int8((byte) 1)))))
                .hasSize(half ? 1 : 0);
        assertThat(route(exchange, "", headers(Map.of("a", new FieldValue.Text("1"))))).isEmpty();
    }

    private static Properties headers(Map<String, FieldValue> headers) {
        return Properties.none().withHeaders(FieldTable.of(headers));
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

    /** Expected hashes of Kafka's own test of org.apache.kafka.common.utils.Utils.murmur2. */
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
                FieldTable.EMPTY), router);

        assertThat(route(exchange, key, Properties.none()))
                .containsExactly("p" + (hash & Integer.MAX_VALUE) % 3);
    }

    @Test
    void partitionsAreFoundByTheirNumberAndInTurns() {
        PartitionRouter router = new PartitionRouter();
        List<Target> partitions = List.of(new Target("p0"), new Target("p1"));
        router.partitions(partitions);
        Exchange exchange = new Exchange(new ExchangeDeclaration("t", "direct", true, false, false,
                FieldTable.EMPTY), router);
        bind(exchange, partitions.get(0), "0", Map.of());
        bind(exchange, partitions.get(1), "1", Map.of());

        assertThat(route(exchange, "0", Properties.none())).containsExactly("p0");
        assertThat(route(exchange, "1", Properties.none())).containsExactly("p1");
        List<String> turns = new ArrayList<>(route(exchange, "", Properties.none()));
        turns.addAll(route(exchange, "", Properties.none()));
        assertThat(turns).containsExactlyInAnyOrder("p0", "p1");
    }

    /** Number of messages, of 10,000, for each of three queues with weights 1, 1 and 2. */
    private Map<String, Integer> spread(Exchange exchange) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (int i = 0; i < 10_000; i++) {
            List<String> found = route(exchange, "key " + i, Properties.none());
            assertThat(found).hasSize(1);
            counts.merge(found.getFirst(), 1, Integer::sum);
        }
        return counts;
    }

    @Test
    void aConsistentHashSpreadsByWeightAndMovesLittle() {
        Exchange exchange = exchange("x", ExchangeType.CONSISTENT_HASH);
        assertThat(route(exchange, "a", Properties.none())).isEmpty();
        bind(exchange, new Target("a"), "1", Map.of());
        bind(exchange, new Target("b"), "1", Map.of());
        Target big = new Target("c");
        Map<String, String> before = new LinkedHashMap<>();
        for (int i = 0; i < 10_000; i++) {
            before.put("key " + i, route(exchange, "key " + i, Properties.none()).getFirst());
        }
        bind(exchange, big, "2", Map.of());
        Map<String, Integer> counts = spread(exchange);
        assertThat(counts.get("c")).isBetween(4_700, 5_300);
        assertThat(counts.get("a")).isBetween(2_200, 2_800);
        before.forEach((key, queue) -> assertThat(route(exchange, key, Properties.none()))
                .first().isIn(queue, "c"));

        exchange.router().remove(new Binding("x", "c", true, "2", FieldTable.EMPTY), big);
        before.forEach((key, queue) -> assertThat(route(exchange, key, Properties.none()))
                .containsExactly(queue));
    }

    @Test
    void aConsistentHashMayLookAtAHeaderOrAProperty() {
        Exchange byHeader = exchange("h", ExchangeType.CONSISTENT_HASH,
                Map.of("hash-header", new FieldValue.Text("id")));
        Exchange byProperty = exchange("p", ExchangeType.CONSISTENT_HASH,
                Map.of("hash-property", new FieldValue.Text("message_id")));
        for (String name : List.of("a", "b", "c", "d")) {
            bind(byHeader, new Target(name), "1000000", Map.of());
            bind(byProperty, new Target(name), "1", Map.of());
        }
        TreeSet<String> found = new TreeSet<>();
        for (int i = 0; i < 100; i++) {
            Properties properties = Properties.none()
                    .withHeaders(FieldTable.of(Map.of("id", new FieldValue.Int32(i))))
                    .withText(Properties.Property.MESSAGE_ID, "m" + i);
            String first = route(byHeader, "k1", properties).getFirst();
            assertThat(route(byHeader, "k2", properties)).containsExactly(first);
            found.add(first);
            String other = route(byProperty, "k1", properties).getFirst();
            assertThat(route(byProperty, "k2", properties)).containsExactly(other);
            found.add(other + other);
        }
        assertThat(found).containsExactly("a", "aa", "b", "bb", "c", "cc", "d", "dd");
        assertThat(route(byHeader, "k1", Properties.none())).hasSize(1)
                .isEqualTo(route(byHeader, "k2", Properties.none()));
    }

    @ParameterizedTest
    @CsvSource({"1,''", "007,''", "0,The binding key must be greater than 0",
        "-4,The binding key must be greater than 0",
        "'',The binding key must be an integer: <<>>",
        "a\"b,The binding key must be an integer: <<\"a\\\"b\">>",
        "1.5,The binding key must be an integer: <<\"1.5\">>",
        "99999999999999999999,The binding key must be an integer: <<\"99999999999999999999\">>",
        "4294967297,The binding key must not be greater than 4294967296"})
    void theWeightOfAConsistentHashIsAPositiveNumber(String key, String problem) {
        assertThat(ExchangeArguments.problem(ExchangeType.CONSISTENT_HASH,
                new Binding("x", "q", true, key, FieldTable.EMPTY)).orElse("")).isEqualTo(problem);
    }

    @Test
    void aModulusHashKeepsAKeyWhereItIsAndARandomExchangeDoesNot() {
        Exchange modulus = exchange("m", ExchangeType.MODULUS_HASH);
        Exchange random = exchange("r", ExchangeType.RANDOM);
        assertThat(route(modulus, "a", Properties.none())).isEmpty();
        assertThat(route(random, "a", Properties.none())).isEmpty();
        for (String name : List.of("a", "b", "c")) {
            bind(modulus, new Target(name), "", Map.of());
            bind(random, new Target(name), "", Map.of());
        }
        assertThat(spread(modulus)).hasSize(3).isEqualTo(spread(modulus));
        assertThat(spread(random).values()).hasSize(3).allMatch(it -> it > 3_000);
        walk.begin(Properties.none());
        walk.from(modulus, "one", List.of("two", "three", "four", "five"));
        assertThat(walk.queues()).hasSize(1);
    }

    @Test
    void aFederationUpstreamForwardsWhatTheDownstreamHasNotSeen() {
        Exchange upstream = exchange("f", ExchangeType.FEDERATION_UPSTREAM,
                Map.of("x-max-hops", new FieldValue.Int64(2),
                        "x-downstream-name", new FieldValue.Text("here"),
                        "x-downstream-vhost", new FieldValue.Text("/")));
        bind(upstream, new Target("link"), "", Map.of());
        assertThat(route(upstream, "", Properties.none())).containsExactly("link");
        assertThat(route(upstream, "", received("there"))).containsExactly("link");
        assertThat(route(upstream, "", received("here"))).isEmpty();
        assertThat(route(upstream, "", received("there", "elsewhere"))).isEmpty();
    }

    @Test
    void aJmsTopicAsksTheSelectorOfEachBinding() {
        Exchange topic = exchange("j", ExchangeType.JMS_TOPIC);
        Target red = new Target("red");
        bind(topic, red, "k", Map.of("rjms_erlang_selector",
                new FieldValue.Text("{'=',{'ident',<<\"colour\">>},<<\"red\">>}.")));
        bind(topic, new Target("all"), "other key",
                Map.of("rjms_erlang_selector", new FieldValue.Text("true.")));

        assertThat(route(topic, "k", Properties.none().withHeaders(
                FieldTable.of(Map.of("colour", new FieldValue.Text("red"))))))
                .containsExactly("red", "all");
        assertThat(route(topic, "k", Properties.none())).containsExactly("all");
    }

    @Test
    void aFederationUpstreamSaysHowManyHopsInALong() {
        assertThat(problem(Map.of())).contains("Argument x-max-hops missing");
        assertThat(problem(Map.of("x-max-hops", new FieldValue.Int32(1))))
                .contains("Argument x-max-hops must be of type long");
        assertThat(problem(Map.of("x-max-hops", new FieldValue.Int64(1)))).isEmpty();
    }

    private static Optional<String> problem(Map<String, FieldValue> arguments) {
        return ExchangeArguments.problem(new ExchangeDeclaration("f", "x-federation-upstream",
                true, false, true, FieldTable.of(arguments)));
    }

    private static Properties received(String... clusters) {
        List<FieldValue> hops = new ArrayList<>();
        for (String cluster : clusters) {
            hops.add(new FieldValue.TableOf(
                    FieldTable.of(Map.of("cluster-name", new FieldValue.Text(cluster),
                            "vhost", new FieldValue.Text("/")))));
        }
        return Properties.none().withHeaders(
                FieldTable.of(Map.of("x-received-from", new FieldValue.ListOf(hops))));
    }

    @ParameterizedTest
    @CsvSource({"FANOUT", "HEADERS"})
    void manyKeysCostNoMoreThanOneWhereKeysDoNotCount(ExchangeType type) {
        Exchange exchange = exchange("x", type);
        for (int index = 0; index < 100; index++) {
            bind(exchange, new Target("q" + index), "", Map.of());
        }
        List<String> keys = IntStream.range(0, 1000).mapToObj(it -> "k" + it)
                .toList();
        walk.begin(Properties.none());
        long before = walk.cost();

        walk.from(exchange, "k", keys);

        assertThat(walk.queues()).hasSize(100);
        assertThat(walk.cost() - before).isLessThanOrEqualTo(201);
    }

    @Test
    void bindingsLookedAtInVainAreCountedToo() {
        Exchange exchange = exchange("x", ExchangeType.HEADERS);
        for (int index = 0; index < 100; index++) {
            bind(exchange, new Target("q" + index), "", Map.of("a", new FieldValue.Text("b")));
        }
        walk.begin(Properties.none());
        long before = walk.cost();

        walk.from(exchange, "k", List.of());

        assertThat(walk.queues()).isEmpty();
        assertThat(walk.cost() - before).isGreaterThanOrEqualTo(100);
    }

    @Test
    void headersThatManyArgumentsAskForCostWhatIsLookedAt() {
        Exchange from = exchange("x", ExchangeType.HEADERS);
        Map<String, FieldValue> wanted = new LinkedHashMap<>();
        IntStream.range(0, 1000).forEach(it -> wanted.put("h" + it, new FieldValue.Bool(true)));
        bind(from, new Target("all"), "", wanted);
        wanted.put("x-match", new FieldValue.Text("any"));
        bind(from, new Target("any"), "", wanted);
        long before = walk.cost();

        assertThat(route(from, "", Properties.none()
                .withHeaders(FieldTable.of(Map.of("other", new FieldValue.Bool(true)))))).isEmpty();

        assertThat(walk.cost() - before).as("one and a thousand looks").isBetween(1001L, 1010L);
    }
}
