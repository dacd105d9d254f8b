package io.taffrail.kafka.api;

import io.taffrail.log.spi.MetaStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.apache.kafka.server.common.GroupVersion;
import org.apache.kafka.server.common.TransactionVersion;

/**
 * The features of this node (KIP-584): the highest level that it supports of each, and the level
 * that is finalized. A feature that was never changed has its highest level. A change is in force
 * when it is durable. Bounded by the number of features. Safe for any thread.
 *
 * <pre>
 * stored value: version: 1 byte, 1   count: 4 bytes
 *               count × (name: 2 bytes length and UTF-8, level: 2 bytes)
 * </pre>
 */
public final class FeatureLevels {

    private static final String KEY = "kafka/features";
    private static final int VERSION = 1;
    private static final Map<String, Short> SUPPORTED = new TreeMap<>(Map.of(
            GroupVersion.FEATURE_NAME, GroupVersion.GV_1.featureLevel(),
            TransactionVersion.FEATURE_NAME, TransactionVersion.TV_2.featureLevel()));

    /**
     * The levels as of one change.
     *
     * @param levels
     *            level of every supported feature, 0 if it is disabled
     * @param epoch
     *            number of changes until then
     */
    public record Finalized(Map<String, Short> levels, long epoch) {}

    private final MetaStore store;
    private final AtomicReference<Finalized> now;

    /**
     * Loads the levels.
     *
     * @throws IllegalStateException
     *             if a stored level is not supported; the message names the feature
     */
    public FeatureLevels(MetaStore store) {
        this.store = store;
        this.now = new AtomicReference<>(stored());
        now.get().levels().forEach((name, level) -> {
            if (level > SUPPORTED.getOrDefault(name, (short) 0)) {
                throw new IllegalStateException("the feature " + name + " has been finalized at"
                        + " level " + level + ", which this version of the broker does not"
                        + " support");
            }
        });
    }

    /** Highest level of each supported feature; the lowest is 0. */
    public Map<String, Short> supported() {
        return SUPPORTED;
    }

    /** The levels that are in force. */
    public Finalized finalized() {
        return now.get();
    }

    /** Whether the consumer protocol of groups is enabled (KIP-848). */
    public boolean hasConsumerGroups() {
        return level(GroupVersion.FEATURE_NAME) >= GroupVersion.GV_1.featureLevel();
    }

    /** Whether stored transactions may have fields that Kafka before 4.0 cannot read. */
    public boolean hasFlexibleTransactions() {
        return level(TransactionVersion.FEATURE_NAME) >= TransactionVersion.TV_1.featureLevel();
    }

    private short level(String feature) {
        return now.get().levels().getOrDefault(feature, (short) 0);
    }

    /**
     * Changes levels, all of them or none. Completes when the change is durable and in force.
     *
     * @param change
     *            computes the new levels from the present ones; called again if another change came
     *            first. The result fails with what it throws
     */
    public CompletableFuture<Void> change(UnaryOperator<Map<String, Short>> change) {
        Optional<MetaStore.Versioned> before = store.get(KEY);
        Map<String, Short> wanted;
        try {
            wanted = change.apply(new TreeMap<>(levels(before)));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
        if (wanted.equals(levels(before))) {
            return CompletableFuture.completedFuture(null);
        }
        long version = before.map(MetaStore.Versioned::version).orElse(0L);
        return store.apply(List.of(new MetaStore.Change.Put(KEY, version, encode(wanted))))
                .thenCompose(applied -> {
                    if (!applied) {
                        return change(change);
                    }
                    Finalized next = new Finalized(wanted, version + 1);
                    now.accumulateAndGet(next,
                            (last, each) -> each.epoch() > last.epoch() ? each : last);
                    return CompletableFuture.completedFuture(null);
                });
    }

    private Finalized stored() {
        Optional<MetaStore.Versioned> stored = store.get(KEY);
        return new Finalized(levels(stored),
                stored.map(MetaStore.Versioned::version).orElse(0L));
    }

    private static Map<String, Short> levels(Optional<MetaStore.Versioned> stored) {
        Map<String, Short> levels = new TreeMap<>(SUPPORTED);
        stored.ifPresent(value -> levels.putAll(decode(value.value())));
        return levels;
    }

    private static byte[] encode(Map<String, Short> levels) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeInt(levels.size());
            for (Map.Entry<String, Short> each : levels.entrySet()) {
                out.writeUTF(each.getKey());
                out.writeShort(each.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Map<String, Short> decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new IllegalStateException(
                        "levels of features have format " + version + ", known is " + VERSION);
            }
            Map<String, Short> levels = new TreeMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                levels.put(in.readUTF(), in.readShort());
            }
            return levels;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
