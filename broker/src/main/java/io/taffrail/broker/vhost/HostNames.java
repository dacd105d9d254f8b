package io.taffrail.broker.vhost;

import io.taffrail.broker.queue.QueueType;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.MetaStore.Change;
import io.taffrail.log.spi.MetaStore.Versioned;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The names of virtual hosts in the metadata store, {@code host/<name>}, percent-encoded. The value
 * (in minor version 0 it ends after the version):
 *
 * <pre>
 * u8 major | u8 minor | default queue type as x-queue-type has it, or nothing: ASCII
 * </pre>
 *
 * The virtual host {@code /} exists without an entry, too.
 */
final class HostNames {

    static final String FIRST = "/";
    private static final String PREFIX = "host/";
    private static final byte MAJOR = 1;
    private static final byte MINOR = 1;
    private static final int TYPE_AT = 2;

    private final MetaStore store;

    HostNames(MetaStore store) {
        this.store = store;
    }

    /** The names of all virtual hosts, {@code /} first, with their default queue types. */
    Map<String, Optional<QueueType>> all() {
        Map<String, Optional<QueueType>> hosts = new LinkedHashMap<>();
        hosts.put(FIRST, Optional.empty());
        store.children(PREFIX).forEach((key, value) -> hosts.put(
                URLDecoder.decode(key.substring(PREFIX.length()), StandardCharsets.UTF_8),
                type(key, value.value())));
        return hosts;
    }

    private static Optional<QueueType> type(String key, byte[] value) {
        String text = value.length > TYPE_AT
                ? new String(value, TYPE_AT, value.length - TYPE_AT, StandardCharsets.US_ASCII)
                : "";
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(QueueType.find(text).orElseThrow(() -> new LogFailedException(
                        "the entry " + key + " of the metadata store is damaged")));
    }

    private static String key(String name) {
        return PREFIX + URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    /** Stores a virtual host, replacing its entry if there is one. */
    CompletableFuture<Void> put(String name, Optional<QueueType> defaultQueueType) {
        byte[] type = defaultQueueType.map(QueueType::argument).orElse("")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] value = new byte[TYPE_AT + type.length];
        value[0] = MAJOR;
        value[1] = MINOR;
        System.arraycopy(type, 0, value, TYPE_AT, type.length);
        long version = store.get(key(name)).map(Versioned::version).orElse(0L);
        return apply(List.of(new Change.Put(key(name), version, value)));
    }

    /** Removes a name and, atomically, everything that is stored for the host. */
    CompletableFuture<Void> remove(String name) {
        List<Change> changes = new ArrayList<>();
        store.get(key(name)).map(Versioned::version)
                .ifPresent(version -> changes.add(new Change.Delete(key(name), version)));
        store.children(TopologyStore.prefix(name)).forEach(
                (key, value) -> changes.add(new Change.Delete(key, value.version())));
        return changes.isEmpty() ? CompletableFuture.completedFuture(null) : apply(changes);
    }

    private CompletableFuture<Void> apply(List<Change> changes) {
        return store.apply(changes).thenAccept(applied -> {
            if (!applied) {
                throw new LogFailedException("virtual hosts were changed by another");
            }
        });
    }
}
