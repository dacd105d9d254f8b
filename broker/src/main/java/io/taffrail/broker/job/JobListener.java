package io.taffrail.broker.job;

/** Told of changes of a job when they are durable. Called on the owner's thread; must not block. */
@FunctionalInterface
public interface JobListener {

    void changed(JobStatus status);
}
