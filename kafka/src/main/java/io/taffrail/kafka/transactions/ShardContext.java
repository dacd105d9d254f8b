package io.taffrail.kafka.transactions;

import io.taffrail.broker.topic.Topics;
import io.taffrail.kafka.api.FeatureLevels;
import java.time.InstantSource;

/** The objects that all shards share; each is safe for any thread. */
record ShardContext(Topics topics, TransactionSettings settings, OpenTransactions open,
        TransactionSpace space, Markers markers, FeatureLevels features,
        InstantSource clock) {}
