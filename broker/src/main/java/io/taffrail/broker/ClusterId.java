package io.taffrail.broker;

import io.taffrail.broker.topic.TopicNames;
import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.MetaStore.Change;
import io.taffrail.log.spi.MetaStore.Versioned;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** The cluster's id, created at the first start and stored at {@code cluster/id}. */
final class ClusterId {

    private static final String KEY = "cluster/id";

    private ClusterId() {}

    /** Reads the id, or creates and stores one; blocks on the store. */
    static String readOrMake(MetaStore store, BrokerThreads threads, Supplier<UUID> newId) {
        while (true) {
            Optional<Versioned> stored = store.get(KEY);
            if (stored.isPresent()) {
                return new String(stored.get().value(), StandardCharsets.US_ASCII);
            }
            byte[] made = TopicNames.base64(newId.get()).getBytes(StandardCharsets.US_ASCII);
            boolean applied = threads.await(store.apply(List.of(new Change.Put(KEY, 0, made))));
            if (applied) {
                return new String(made, StandardCharsets.US_ASCII);
            }
        }
    }
}
