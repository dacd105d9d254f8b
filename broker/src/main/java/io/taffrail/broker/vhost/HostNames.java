package io.taffrail.broker.vhost;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.MetaStore.Change;
import io.taffrail.log.spi.MetaStore.Versioned;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The names of virtual hosts in the metadata store, {@code host/<name>}, percent-encoded, with the
 * format as value: {@code u8 major | u8 minor}. {@code /} is there without an entry.
 */
final class HostNames {

    static final String FIRST = "/";
    private static final String PREFIX = "host/";
    private static final byte[] FORMAT = {1, 0};

    private final MetaStore store;

    HostNames(MetaStore store) {
        this.store = store;
    }

    /** All of them, the first one first. */
    List<String> all() {
        List<String> names = new ArrayList<>();
        names.add(FIRST);
        store.children(PREFIX).keySet().forEach(key -> names
                .add(URLDecoder.decode(key.substring(PREFIX.length()), StandardCharsets.UTF_8)));
        return names;
    }

    private static String key(String name) {
        return PREFIX + URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    CompletableFuture<Void> add(String name) {
        return apply(List.of(new Change.Put(key(name), 0, FORMAT)));
    }

    /** Removes a name and, in the same step, everything that is stored of the host. */
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
