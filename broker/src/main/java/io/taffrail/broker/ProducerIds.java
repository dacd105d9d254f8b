package io.taffrail.broker;

import java.util.concurrent.CompletableFuture;

/** Gives out producer ids, none twice, over restarts too. Safe for any thread. */
public interface ProducerIds {

    /** A new id, at least 0. */
    CompletableFuture<Long> next();
}
