package io.taffrail.simulation.engine;

import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.MetaStore.Change;
import io.taffrail.log.spi.MetaStore.Versioned;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.Violation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The expected content of the metadata store: acknowledged changes and pending transactions. */
final class MetaModel {

    private static final int KEYS = 6;
    private static final String PREFIX = "sim/";

    private record Value(String text, long version) {}

    /** A pending transaction; after a failure it may be stored or not, whatever follows. */
    private static final class Transaction {

        private final Map<String, String> puts;
        private final List<String> deletes;
        private boolean failed;

        Transaction(Map<String, String> puts, List<String> deletes) {
            this.puts = puts;
            this.deletes = deletes;
        }

        @Override
        public String toString() {
            return puts + " without " + deletes + (failed ? " (failed)" : "");
        }

        void applyTo(Map<String, Value> values) {
            puts.forEach((key, text) -> values.merge(key, new Value(text, 1),
                    (old, fresh) -> new Value(text, old.version + 1)));
            deletes.forEach(values::remove);
        }
    }

    private TreeMap<String, Value> settled = new TreeMap<>();
    private final List<Transaction> pending = new ArrayList<>();
    private int values;

    /** Applies a random transaction, which may remain unanswered. */
    void apply(MetaStore store, Dice dice, java.util.function.BooleanSupplier dead) {
        Map<String, Value> latest = latest();
        TreeMap<String, String> puts = new TreeMap<>();
        List<String> deletes = new ArrayList<>();
        for (int i = dice.between(1, 3); i > 0; i--) {
            String key = PREFIX + dice.below(KEYS);
            if (puts.containsKey(key) || deletes.contains(key)) {
                continue;
            }
            if (latest.containsKey(key) && dice.oneIn(4)) {
                deletes.add(key);
            } else {
                puts.put(key, "m" + values++ + "x".repeat(dice.below(60)));
            }
        }
        List<Change> changes = new ArrayList<>();
        puts.forEach((key, text) -> changes.add(new Change.Put(key, version(latest, key),
                text.getBytes(StandardCharsets.UTF_8))));
        deletes.forEach(key -> changes.add(new Change.Delete(key, version(latest, key))));
        Transaction transaction = new Transaction(puts, deletes);
        pending.add(transaction);
        var _ = store.apply(changes).whenComplete((done, failure) -> {
            if (dead.getAsBoolean()) {
                return;
            }
            if (failure != null) {
                failed = true;
                transaction.failed = true;
            } else if (!done) {
                throw new Violation("a change of the right version is taken",
                        changes + " was refused; latest is " + latest);
            } else {
                settle(transaction);
            }
        });
    }

    /** True after a failure: the content is unknown until the next start. */
    private boolean failed;

    boolean hasFailed() {
        return failed;
    }

    private static long version(Map<String, Value> latest, String key) {
        Value value = latest.get(key);
        return value == null ? 0 : value.version;
    }

    private Map<String, Value> latest() {
        Map<String, Value> latest = new TreeMap<>(settled);
        pending.forEach(it -> it.applyTo(latest));
        return latest;
    }

    private void settle(Transaction transaction) {
        while (!pending.getFirst().equals(transaction)) {
            Transaction before = pending.removeFirst();
            if (!before.failed) {
                throw new Violation("changes are answered in their order",
                        transaction + " before " + before);
            }
        }
        pending.removeFirst().applyTo(settled);
    }

    /**
     * Checks after a start that the store holds all acknowledged changes, and any of the
     * others in order.
     */
    void check(MetaStore store) {
        TreeMap<String, Value> found = new TreeMap<>();
        for (Map.Entry<String, Versioned> entry : store.children(PREFIX).entrySet()) {
            found.put(entry.getKey(), new Value(
                    new String(entry.getValue().value(), StandardCharsets.UTF_8),
                    entry.getValue().version()));
        }
        boolean matches = explains(settled, 0, found);
        if (!matches) {
            throw new Violation("metadata that was acknowledged is kept",
                    "found %s; settled %s, pending %s".formatted(found, settled, pending));
        }
        settled = found;
        pending.clear();
        failed = false;
    }

    /** True if the store equals {@code values} plus some of the pending transactions, in order. */
    private boolean explains(Map<String, Value> values, int next, Map<String, Value> found) {
        if (values.equals(found)) {
            return true;
        }
        if (next == pending.size()) {
            return false;
        }
        Map<String, Value> after = new TreeMap<>(values);
        pending.get(next).applyTo(after);
        return explains(after, next + 1, found)
                || (pending.get(next).failed && explains(values, next + 1, found));
    }
}
