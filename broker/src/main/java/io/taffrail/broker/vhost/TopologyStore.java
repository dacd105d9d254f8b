package io.taffrail.broker.vhost;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.policy.Policy;
import io.taffrail.broker.policy.PolicyKind;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.MetaStore.Change;
import io.taffrail.log.spi.MetaStore.Versioned;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The durable objects of a virtual host in the metadata store:
 *
 * <pre>
 * vhost/&lt;host&gt;/exchange/&lt;name&gt;   vhost/&lt;host&gt;/queue/&lt;name&gt;   vhost/&lt;host&gt;/binding/&lt;hash&gt;
 * vhost/&lt;host&gt;/policy/&lt;name&gt;     vhost/&lt;host&gt;/operator_policy/&lt;name&gt;
 * </pre>
 *
 * Names are percent-encoded; the hash of a binding covers its stored form.
 */
final class TopologyStore {

    private final MetaStore store;
    private final String prefix;

    TopologyStore(MetaStore store, String host) {
        this.store = store;
        this.prefix = prefix(host);
    }

    /** The common prefix of all keys of a host. */
    static String prefix(String host) {
        return "vhost/" + escaped(host) + "/";
    }

    private static String escaped(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    String exchangeKey(String name) {
        return prefix + "exchange/" + escaped(name);
    }

    String queueKey(String name) {
        return prefix + "queue/" + escaped(name);
    }

    String bindingKey(Binding binding) {
        return prefix + "binding/" + hash(new Stored.OfBinding(binding).encode());
    }

    String policyKey(PolicyKind kind, String name) {
        return prefix + kind.text() + "/" + escaped(name);
    }

    List<Policy> policies(PolicyKind kind) {
        List<Policy> all = new ArrayList<>();
        store.children(prefix + kind.text() + "/")
                .forEach((key, value) -> all.add(Stored.policy(key, value.value()).policy()));
        return all;
    }

    /** The id in the names of the logs of the host's delayed messages. */
    String delayedId() {
        return Delays.ID + hash(prefix.getBytes(StandardCharsets.UTF_8));
    }

    /** The log of the host's jobs. */
    LogId jobsLog() {
        return new LogId(QueueOpener.JOBS + hash(prefix.getBytes(StandardCharsets.UTF_8)));
    }

    /** The log of the marks of an exchange. */
    LogId marksLog(String exchange) {
        return new LogId(QueueOpener.MARKS
                + hash(exchangeKey(exchange).getBytes(StandardCharsets.UTF_8)));
    }

    private static String hash(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    List<Stored.OfExchange> exchanges() {
        List<Stored.OfExchange> all = new ArrayList<>();
        store.children(prefix + "exchange/")
                .forEach((key, value) -> all.add(Stored.exchange(key, value.value())));
        return all;
    }

    List<Stored.OfQueue> queues() {
        List<Stored.OfQueue> all = new ArrayList<>();
        store.children(prefix + "queue/")
                .forEach((key, value) -> all.add(Stored.queue(key, value.value())));
        return all;
    }

    List<Stored.OfBinding> bindings() {
        List<Stored.OfBinding> all = new ArrayList<>();
        store.children(prefix + "binding/")
                .forEach((key, value) -> all.add(Stored.binding(key, value.value())));
        return all;
    }

    /** Stores an object; completes on any thread when it is durable. */
    CompletableFuture<Void> put(String key, Stored object) {
        return apply(List.of(new Change.Put(key, version(key), object.encode())));
    }

    /**
     * Removes objects atomically; missing ones are ignored. Completes on any thread when that is
     * durable.
     */
    CompletableFuture<Void> delete(List<String> keys) {
        List<Change> changes = new ArrayList<>();
        for (String key : keys) {
            if (version(key) > 0) {
                changes.add(new Change.Delete(key, version(key)));
            }
        }
        return changes.isEmpty() ? CompletableFuture.completedFuture(null) : apply(changes);
    }

    private long version(String key) {
        return store.get(key).map(Versioned::version).orElse(0L);
    }

    private CompletableFuture<Void> apply(List<Change> changes) {
        return store.apply(changes).thenAccept(applied -> {
            if (!applied) {
                throw new LogFailedException("the topology was changed by another: " + changes);
            }
        });
    }
}
