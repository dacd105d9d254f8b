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
import java.util.Iterator;
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
 * The virtual host {@code /} exists without an entry, too. An entry {@code deleted-host/<name>} (u8
 * major, u8 minor) records a deleted host whose objects are still in the store. They are removed at
 * a start, and before a host of this name is opened.
 */
final class HostNames {

    static final String FIRST = "/";
    private static final String PREFIX = "host/";
    private static final String DELETED = "deleted-host/";
    /** Bytes of keys that one commit removes, and those of one key more. */
    private static final int PART_BYTES = 1 << 20;
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);
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
                decoded(key, PREFIX),
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

    private static String decoded(String key, String prefix) {
        return URLDecoder.decode(key.substring(prefix.length()), StandardCharsets.UTF_8);
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
        return apply(List.of(new Change.Put(key(name), version(key(name)), value)));
    }

    /**
     * Removes a name and, atomically, everything that is stored for the host. If that is more than
     * a part, the commit records the host as deleted and {@link #finish} removes the rest.
     *
     * @param more
     *            changes to be stored in the same commit
     */
    CompletableFuture<Void> remove(String name, List<? extends Change> more) {
        List<Change> changes = new ArrayList<>(more);
        store.get(key(name)).map(Versioned::version)
                .ifPresent(version -> changes.add(new Change.Delete(key(name), version)));
        Iterator<Change.Delete> objects = objects(name);
        List<Change.Delete> part = part(objects);
        if (objects.hasNext()) {
            changes.add(new Change.Put(deletedKey(name), version(deletedKey(name)),
                    new byte[]{MAJOR, 0}));
        } else {
            changes.addAll(part);
        }
        return changes.isEmpty() ? DONE : apply(changes);
    }

    /**
     * Removes the objects of a host that is recorded as deleted, part by part, and then the record;
     * does nothing if there is none. To be called after {@link #remove}, and before the name is
     * used again.
     */
    CompletableFuture<Void> finish(String name) {
        return store.get(deletedKey(name)).isEmpty() ? DONE : finish(name, objects(name));
    }

    /** Finishes the deletion of all hosts, at a start. */
    CompletableFuture<Void> finishAll() {
        return CompletableFuture.allOf(store.children(DELETED).keySet().stream()
                .map(key -> finish(decoded(key, DELETED)))
                .toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<Void> finish(String name, Iterator<Change.Delete> objects) {
        List<Change> part = new ArrayList<>(part(objects));
        if (!objects.hasNext()) {
            part.add(new Change.Delete(deletedKey(name), version(deletedKey(name))));
        }
        boolean last = !objects.hasNext();
        return apply(part).thenCompose(_ -> last ? DONE : finish(name, objects));
    }

    private Iterator<Change.Delete> objects(String name) {
        return store.children(TopologyStore.prefix(name)).entrySet().stream()
                .map(it -> new Change.Delete(it.getKey(), it.getValue().version())).iterator();
    }

    /** The next objects, as many as one commit removes. */
    private static List<Change.Delete> part(Iterator<Change.Delete> objects) {
        List<Change.Delete> part = new ArrayList<>();
        int bytes = 0;
        while (objects.hasNext() && bytes < PART_BYTES) {
            Change.Delete next = objects.next();
            bytes += next.key().length();
            part.add(next);
        }
        return part;
    }

    private static String deletedKey(String name) {
        return DELETED + URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    private long version(String key) {
        return store.get(key).map(Versioned::version).orElse(0L);
    }

    private CompletableFuture<Void> apply(List<Change> changes) {
        return store.apply(changes).thenAccept(applied -> {
            if (!applied) {
                throw new LogFailedException("virtual hosts were changed by another");
            }
        });
    }
}
