package io.taffrail.broker.topic;

import io.taffrail.log.LogOptions;
import java.util.Map;

/**
 * The settings of a topic: its overrides by Kafka's names, and the values in effect.
 *
 * @param overrides
 *            values set on the topic itself, validated
 * @param log
 *            options of its logs
 * @param intake
 *            checks for incoming batches
 * @param segmentJitterMs
 *            longest time before {@code log.segmentAge()} at which a log may roll, spread over the
 *            topic's partitions ({@code segment.jitter.ms})
 */
public record TopicConfig(Map<String, String> overrides, LogOptions log, IntakeRules intake,
        long segmentJitterMs) {}
