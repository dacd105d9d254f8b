package io.taffrail.simulation.queue;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.local.LocalLogConfig;
import io.taffrail.simulation.machine.Setting;
import io.taffrail.simulation.world.Dice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The objects of one run: queues, exchanges and bindings, with their sizes and limits; small,
 * so that limits are reached often.
 *
 * @param ownTimes
 *            true if messages have their own time-to-live
 * @param setsClock
 *            true if the time of day is set forward and back
 * @param backlog
 *            true if clients publish thousands of messages at once, with a time-to-live
 */
record QueuesPlan(Setting setting, int bodyBytes, boolean ownTimes, List<QueuePlan> queues,
        List<Binding> bindings, boolean setsClock, boolean backlog) {

    static final String FANOUT = "fan";
    static final String DIRECT = "dir";
    static final String TOPIC = "top";
    static final String DELAYED = "later";
    static final String HEADERS = "head";
    /** The exchange that drops duplicates, including after restarts. */
    static final String ONCE = "once";
    /** The header that {@link #HEADERS} matches; its values are those of the routing keys. */
    static final String HEADER = "h";
    static final List<String> ONCE_KEYS = List.of("o0", "o1", "o2", "o3", "o4", "o5", "o6");
    static final List<String> DIRECT_KEYS = List.of("k0", "k1", "k2", "all");
    static final List<String> TOPIC_KEYS = List.of("a.b", "a.c", "c.b", "x");
    private static final List<String> TOPICS = List.of("a.*", "#", "*.b", "a.b");

    static QueuesPlan of(Dice dice) {
        LocalLogConfig config = new LocalLogConfig(
                new ByteSize(dice.pick(List.of(32 << 10, 128 << 10))),
                new ByteSize(dice.pick(List.of(8 << 10, 32 << 10, 1 << 20))),
                Duration.ofMillis(dice.between(200, 5_000)),
                new ByteSize(dice.pick(List.of(8 << 10, 1 << 20))), dice.between(4, 20),
                Duration.ofMillis(dice.between(200, 3_000)), new ByteSize(64 << 10));
        List<QueuePlan> queues = queues(dice);
        Setting setting = new Setting(config, dice.pick(List.of(3 << 10, 16 << 10, 256 << 10)),
                dice.between(2, 4), dice.oneIn(6), dice.oneIn(3));
        boolean backlog = dice.oneIn(25);
        return new QueuesPlan(setting, dice.pick(List.of(10, 100, 800)), backlog || dice.flip(),
                queues, bindings(queues, dice), dice.oneIn(3), backlog);
    }

    private static List<QueuePlan> queues(Dice dice) {
        List<QueuePlan> queues = new ArrayList<>();
        for (int i = dice.between(1, 4); i > 0; i--) {
            boolean quorum = dice.flip();
            int ttlMs = dice.oneIn(4) ? dice.pick(List.of(1, 20, 300, 3_000)) : -1;
            int maxLength = dice.oneIn(4) ? dice.between(1, 8) : -1;
            String overflow = maxLength >= 0 && dice.flip()
                    ? dice.pick(List.of("reject-publish", "reject-publish-dlx"))
                    : "";
            queues.add(new QueuePlan("q" + i, quorum, ttlMs, maxLength, overflow,
                    dice.flip() ? dice.pick(List.of("d0", "d1")) : "",
                    dice.flip() ? dice.between(0, 3) : -1,
                    !quorum && dice.oneIn(5) ? 4 : 0, dice.oneIn(4)));
        }
        queues.add(QueuePlan.plain("d0", false));
        queues.add(QueuePlan.plain("d1", true));
        return List.copyOf(queues);
    }

    private static List<Binding> bindings(List<QueuePlan> queues, Dice dice) {
        List<Binding> bindings = new ArrayList<>();
        for (QueuePlan queue : queues) {
            String name = queue.name();
            if (name.startsWith("d")) {
                bindings.add(toQueue(QueuePlan.DEAD_EXCHANGE, name, name));
                continue;
            }
            if (dice.flip()) {
                bindings.add(toQueue(FANOUT, name, ""));
            }
            for (String key : DIRECT_KEYS.subList(0, 3)) {
                if (dice.oneIn(3)) {
                    bindings.add(toQueue(DIRECT, name, key));
                }
                if (dice.oneIn(3) && !queue.mayRefuse()) {
                    bindings.add(toQueue(DELAYED, name, key));
                }
            }
            for (String key : DIRECT_KEYS.subList(0, 3)) {
                if (dice.oneIn(4)) {
                    bindings.add(new Binding(HEADERS, name, true, key,
                            FieldTable.of(Map.of(
                                    "x-match", new FieldValue.Text(dice.flip() ? "all" : "any"),
                                    HEADER, new FieldValue.Text(key)))));
                }
            }
            if (dice.flip()) {
                bindings.add(toQueue(TOPIC, name, dice.pick(TOPICS)));
            }
        }
        bindings.add(toQueue(ONCE, "d0", ""));
        bindings.add(new Binding(DIRECT, FANOUT, false, "all", FieldTable.EMPTY));
        return List.copyOf(bindings);
    }

    private static Binding toQueue(String exchange, String queue, String key) {
        return new Binding(exchange, queue, true, key, FieldTable.EMPTY);
    }

    /** True if the journal's limit is so low that it refuses fast appends. */
    boolean mayOverload() {
        return setting.config().unforcedBytes().bytes() < 1 << 20;
    }

    /** True if no message leaves a queue by itself. */
    boolean isCountable() {
        return !ownTimes && queues.stream().allMatch(it -> it.ttlMs() < 0 && !it.dropsHead());
    }

    List<ExchangeDeclaration> exchanges() {
        return List.of(exchange(FANOUT, "fanout"), exchange(DIRECT, "direct"),
                exchange(TOPIC, "topic"), exchange(QueuePlan.DEAD_EXCHANGE, "direct"),
                exchange(HEADERS, "headers"),
                new ExchangeDeclaration(ONCE, "x-message-deduplication", true, false, false,
                        FieldTable.of(Map.of("x-cache-size", new FieldValue.Int32(1_000)))),
                new ExchangeDeclaration(DELAYED, "x-delayed-message", true, false, false,
                        FieldTable.of(Map.of("x-delayed-type", new FieldValue.Text("direct")))));
    }

    private static ExchangeDeclaration exchange(String name, String type) {
        return new ExchangeDeclaration(name, type, true, false, false, FieldTable.EMPTY);
    }

    /** Names of the queues to which a message is routed. */
    NavigableSet<String> routes(String exchange, String key) {
        NavigableSet<String> names = new TreeSet<>();
        if (exchange.isEmpty()) {
            queues.stream().map(QueuePlan::name).filter(key::equals).forEach(names::add);
        }
        for (Binding binding : bindings) {
            if (binding.source().equals(exchange) && matches(exchange, binding.key(), key)) {
                if (binding.toQueue()) {
                    names.add(binding.destination());
                } else {
                    names.addAll(routes(binding.destination(), key));
                }
            }
        }
        return names;
    }

    private static boolean matches(String exchange, String pattern, String key) {
        return switch (exchange) {
            case FANOUT, ONCE -> true;
            case TOPIC -> key.matches(pattern.replace(".", "\\.").replace("*", "[^.]+")
                    .replace("#", ".*"));
            default -> pattern.equals(key);
        };
    }
}
