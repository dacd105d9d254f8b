package io.taffrail.broker.topic;

import io.taffrail.log.LogOptions;
import java.util.Map;

/**
 * A topic's settings: what was set on it, by Kafka's names, and what follows.
 *
 * @param overrides
 *            what was set on the topic itself, validated
 * @param log
 *            how its logs are kept
 * @param intake
 *            what is asked of batches
 * @param segmentJitterMs
 *            how much earlier than {@code log.segmentAge()} a log may roll, spread over the topic's
 *            partitions ({@code segment.jitter.ms})
 */
public record TopicConfig(Map<String, String> overrides, LogOptions log, Intake intake,
        long segmentJitterMs) {}
