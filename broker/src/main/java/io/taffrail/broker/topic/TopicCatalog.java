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

/** Opens and closes the catalog, with the thread its changes run on. */
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
     *            this broker's, for every log
     * @param threads
     *            what changes run on
     * @param newId
     *            ids of new topics
     * @throws IllegalArgumentException
     *             if a setting of the broker is not possible
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

    /** The catalog for those who keep logs of their own that are to be topics. */
    public TopicHosting hosting() {
        return catalog.hosting();
    }

    public Topics topics() {
        return catalog;
    }

    /** Ends changes under way, then closes every log that is not another's. */
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
