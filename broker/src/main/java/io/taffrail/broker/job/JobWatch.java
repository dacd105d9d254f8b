package io.taffrail.broker.job;

import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.FollowedDelivery;
import io.taffrail.broker.queue.MessageWatch;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The watch over a queue that holds jobs: a message is a job if its message id is that of a job of
 * this queue. Owner thread only.
 */
final class JobWatch implements MessageWatch {

    private final QueueJobs jobs;
    private final String queue;

    JobWatch(QueueJobs jobs, String queue) {
        this.jobs = jobs;
        this.queue = queue;
    }

    private static Optional<UUID> id(StoredMessage message) {
        Properties properties = Properties.of(message.properties());
        return properties.has(Property.MESSAGE_ID)
                ? properties.text(Property.MESSAGE_ID).flatMap(JobIds::parse)
                : Optional.empty();
    }

    @Override
    public Verdict judge(StoredMessage message) {
        return id(message).map(id -> jobs.judge(queue, id)).orElse(Verdict.PASS);
    }

    @Override
    public @Nullable FollowedDelivery handedOut(StoredMessage message, Delivery delivery,
            String worker) {
        return id(message).flatMap(id -> jobs.started(queue, id, delivery, worker)).orElse(null);
    }

    @Override
    public void dropped(StoredMessage message) {
        id(message).ifPresent(id -> jobs.dropped(queue, id));
    }

    @Override
    public void gaveUp(StoredMessage message, String reason) {
        id(message).ifPresent(id -> jobs.gaveUp(queue, id, message, reason));
    }

    @Override
    public long arrivals() {
        return jobs.arrivals();
    }

    @Override
    public void purged(long lastArrival) {
        jobs.purged(queue, lastArrival);
    }

    @Override
    public void interrupted() {
        jobs.interrupted(queue);
    }

    @Override
    public void deleted() {
        jobs.queueDeleted(queue);
    }
}
