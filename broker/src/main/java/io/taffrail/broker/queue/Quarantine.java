package io.taffrail.broker.queue;

import java.time.Instant;

/**
 * The state of a queue that failed: it neither delivers nor takes messages until it is reopened.
 * Its messages stay on disk.
 *
 * @param queue
 *            the queue's name
 * @param cause
 *            a description for people to read
 */
public record Quarantine(String virtualHost, String queue, Instant since, String cause) {}
