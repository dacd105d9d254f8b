package io.taffrail.broker.queue;

import java.time.Instant;

/**
 * A queue that failed: nothing is given out or taken in until it is opened anew. What it holds is
 * on disk.
 *
 * @param queue
 *            its name
 * @param cause
 *            for a person
 */
public record Quarantine(String virtualHost, String queue, Instant since, String cause) {}
