package io.taffrail.broker.job;

import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.FollowedDelivery;
import java.util.UUID;

/** An attempt at a job, for the queue that delivered its message. Owner thread only. */
final class JobAttempt implements FollowedDelivery {

    private final QueueJobs jobs;
    private final UUID id;
    private final int run;
    private final int attempt;

    JobAttempt(QueueJobs jobs, JobStatus started) {
        this.jobs = jobs;
        this.id = started.id();
        this.run = started.run();
        this.attempt = started.attempt();
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public boolean accepted() {
        return jobs.accepted(id, run);
    }

    @Override
    public void putBack() {
        jobs.putBack(id, run);
    }

    @Override
    public Fate failed(StoredMessage message, boolean rejected) {
        return jobs.failed(id, run, message, rejected);
    }
}
