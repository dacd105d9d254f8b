package io.taffrail.broker.job;

import io.taffrail.broker.message.Message;
import java.util.Optional;
import java.util.UUID;

/**
 * A job to be enqueued.
 *
 * @param id
 *            chosen by the client; otherwise the broker makes one
 * @param message
 *            goes to the queue of the terms; its message id is replaced by the job's id
 * @param dueAtMs
 *            time before which it is not queued, in milliseconds since 1970; 0: at once
 */
public record JobOrder(Optional<UUID> id, JobTerms terms, Message message, long dueAtMs) {}
