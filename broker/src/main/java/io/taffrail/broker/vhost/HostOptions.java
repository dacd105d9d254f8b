package io.taffrail.broker.vhost;

import io.taffrail.broker.topic.TopicHosting;
import org.jspecify.annotations.Nullable;

/**
 * What virtual hosts go by.
 *
 * @param consumerTimeoutMs
 *            how long a consumer may hold a delivery where its queue does not say; 0: for ever
 * @param topics
 *            where queues are shown as topics and topics come from, or null for a world of queues
 *            alone
 */
public record HostOptions(long consumerTimeoutMs, @Nullable TopicHosting topics) {}
