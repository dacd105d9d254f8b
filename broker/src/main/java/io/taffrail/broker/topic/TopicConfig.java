package io.taffrail.broker.topic;

import io.taffrail.log.LogOptions;
import java.util.Map;

/**
 * A topic's settings: what was set on it, by Kafka's names, and what follows for its logs.
 *
 * @param overrides
 *            what was set on the topic itself, validated
 * @param log
 *            how its logs are kept
 */
public record TopicConfig(Map<String, String> overrides, LogOptions log) {}
