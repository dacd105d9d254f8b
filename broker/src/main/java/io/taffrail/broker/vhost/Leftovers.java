package io.taffrail.broker.vhost;

import io.taffrail.log.guard.FailStop;
import io.taffrail.log.spi.Owner;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stored objects of which memory has nothing: bindings of a deleted object that did not fit into
 * the commit of its deletion, those of a deleted topic, and a queue that was refused after it was
 * stored. They are removed at once, or else before the next object is stored, which could bring one
 * of them back at a start. A start removes bindings without one of their ends. Owner thread only;
 * used in changes of {@link Serial}, of which one runs at a time.
 */
final class Leftovers {

    /** Bytes of keys that one commit removes, and those of one key more. */
    private static final int PART_BYTES = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final TopologyStore store;
    private final Owner owner;
    private final Set<String> keys = new LinkedHashSet<>();

    Leftovers(TopologyStore store, Owner owner) {
        this.store = store;
        this.owner = owner;
    }

    /** The first of these keys, as many as one commit removes. */
    static List<String> part(Collection<String> all) {
        List<String> part = new ArrayList<>();
        int bytes = 0;
        for (Iterator<String> left = all.iterator(); left.hasNext() && bytes < PART_BYTES;) {
            String key = left.next();
            bytes += key.length();
            part.add(key);
        }
        return part;
    }

    /**
     * Removes keys from the store; those that it refuses are removed later.
     *
     * @return completes without an error, on the owner's thread
     */
    CompletableFuture<Void> remove(Collection<String> more) {
        keys.addAll(more);
        return DONE.thenCompose(_ -> removed()).exceptionallyAsync(failure -> {
            FailStop.check(Serial.cause(failure));
            LOG.error("VHO-002 {} deleted objects are still in the metadata store; they are removed"
                    + " before the next object is stored", keys.size(), failure);
            return null;
        }, owner);
    }

    /**
     * Removes all leftovers, before an object is stored.
     *
     * @return completes on the owner's thread; with the store's failure if it refuses
     */
    CompletableFuture<Void> removed() {
        if (keys.isEmpty()) {
            return DONE;
        }
        List<String> part = part(keys);
        CompletableFuture<Void> stored = store.delete(part);
        return stored.isDone()
                ? stored.thenCompose(_ -> next(part))
                : stored.thenComposeAsync(_ -> next(part), owner);
    }

    private CompletableFuture<Void> next(List<String> part) {
        part.forEach(keys::remove);
        return removed();
    }
}
