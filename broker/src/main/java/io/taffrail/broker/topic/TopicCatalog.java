package io.taffrail.broker.topic;

import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.BrokerThreads;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.Owner;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The life cycle of the catalog: opening, closing, and the thread for changes. */
public final class TopicCatalog implements AutoCloseable {

    private final BrokerThreads threads;
    private final Catalog catalog;

    private TopicCatalog(BrokerThreads threads, Catalog catalog) {
        this.threads = threads;
        this.catalog = catalog;
    }

    /**
     * Reads the catalog and opens all logs; blocks until they are open.
     *
     * @param lease
     *            this broker's lease, for every log
     * @param threads
     *            the threads for changes
     * @param newId
     *            generates ids of new topics
     * @throws IllegalArgumentException
     *             if a setting of the broker is invalid
     */
    public static TopicCatalog open(LogEngine engine, BrokerConfig config, Lease lease,
            List<Owner> owners, BrokerThreads threads, Supplier<UUID> newId) {
        for (TopicSetting setting : TopicSettings.all()) {
            if (!setting.brokerKeys().isEmpty()) {
                checkBroker(setting, config);
            }
        }
        Catalog catalog = new Catalog(engine, new PartitionOpener(engine, lease, owners), config,
                threads, newId);
        catalog.load();
        return new TopicCatalog(threads, catalog);
    }

    private static void checkBroker(TopicSetting setting, BrokerConfig config) {
        try {
            setting.check(setting.inherited().apply(config));
        } catch (InvalidSettingException e) {
            throw new IllegalArgumentException(
                    setting.brokerKeys().getFirst() + ": " + e.getMessage(), e);
        }
    }

    /** The catalog for components that show their own logs as topics. */
    public TopicHosting hosting() {
        return catalog.hosting();
    }

    public Topics topics() {
        return catalog;
    }

    /** Waits for changes under way, then closes every log except hosted ones. */
    @Override
    public void close() {
        threads.endCatalog();
        TopicHosting hosting = catalog.hosting();
        List<CompletableFuture<Void>> closing = catalog.all().stream()
                .filter(topic -> !hosting.isHosted(topic.name()))
                .flatMap(topic -> topic.partitions().stream())
                .map(partition -> CompletableFuture.runAsync(partition.log()::close,
                        partition.owner()))
                .toList();
        threads.await(CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new)));
    }
}
