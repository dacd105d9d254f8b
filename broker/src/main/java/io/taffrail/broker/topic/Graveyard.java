package io.taffrail.broker.topic;

import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.MetaStore.Change;
import io.taffrail.log.spi.MetaStore.Versioned;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The register of deleted topics whose logs may still exist: {@code topics.deleted/<id>/<name>}.
 */
final class Graveyard {

    private static final Logger LOG = LoggerFactory.getLogger(Graveyard.class);
    private static final String PREFIX = "topics.deleted/";

    private final LogEngine engine;

    Graveyard(LogEngine engine) {
        this.engine = engine;
    }

    /** Continues deletions that a stop has interrupted. */
    void resume() {
        engine.metaStore().children(PREFIX).forEach((key, value) -> {
            String name = key.substring(key.indexOf('/', PREFIX.length()) + 1);
            bury(name, TopicRecord.decode(key, value.value()));
        });
    }

    /** The entry to store in the change that removes the topic from the catalog. */
    Change entry(String name, TopicRecord topic) {
        return new Change.Put(key(name, topic), 0, topic.encode());
    }

    /** Deletes the logs of a topic, then its entry. */
    void bury(String name, TopicRecord topic) {
        List<CompletableFuture<Void>> deletions = new ArrayList<>(topic.partitions());
        for (int index = 0; index < topic.partitions(); index++) {
            deletions.add(engine.delete(TopicNames.logId(name, topic.id(), index)));
        }
        CompletableFuture<Boolean> forgotten = CompletableFuture
                .allOf(deletions.toArray(CompletableFuture[]::new))
                .thenCompose(done -> forget(key(name, topic)));
        var _ = forgotten.whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.warn(
                        "logs of the deleted topic {} are still there; their deletion is tried again"
                                + " at the next start",
                        name, failure);
            }
        });
    }

    private CompletableFuture<Boolean> forget(String key) {
        Optional<Versioned> entry = engine.metaStore().get(key);
        return entry.isEmpty()
                ? CompletableFuture.completedFuture(true)
                : engine.metaStore()
                        .apply(List.of(new Change.Delete(key, entry.get().version())));
    }

    private static String key(String name, TopicRecord topic) {
        return PREFIX + TopicNames.base64(topic.id()) + "/" + name;
    }
}
