package io.taffrail.broker;

import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.MetaStore.Change;
import io.taffrail.log.spi.MetaStore.Versioned;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The number of the node that stored data belongs to ({@code node.id}), stored at
 * {@code cluster/node} by the first start.
 */
final class NodeNumber {

    private static final String KEY = "cluster/node";

    private NodeNumber() {}

    /**
     * Stores the number, or compares it with the stored one; blocks on the store. Clients keep
     * connections and leaders by this number, so it must not change while they run.
     *
     * @throws IllegalArgumentException
     *             if the data belongs to another number
     */
    static void check(MetaStore store, BrokerThreads threads, int nodeId) {
        Optional<Versioned> stored = store.get(KEY);
        String wanted = Integer.toString(nodeId);
        if (stored.isEmpty()) {
            boolean applied = threads.await(store.apply(List.of(
                    new Change.Put(KEY, 0, wanted.getBytes(StandardCharsets.US_ASCII)))));
            if (applied) {
                return;
            }
            check(store, threads, nodeId);
            return;
        }
        String there = new String(stored.get().value(), StandardCharsets.US_ASCII);
        if (!there.equals(wanted)) {
            throw new IllegalArgumentException("node.id is " + wanted
                    + ", but the stored data belongs to node " + there
                    + "; set node.id (broker.id) to " + there + ", or use another data directory");
        }
    }
}
