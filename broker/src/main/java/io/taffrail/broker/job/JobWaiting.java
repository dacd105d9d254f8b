package io.taffrail.broker.job;

import io.taffrail.broker.queue.QueueContext;
import io.taffrail.log.spi.Registration;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client that waits for a state of a job. Owner thread only. */
final class JobWaiting {

    private final Jobs jobs;
    private final QueueContext context;
    private final UUID id;
    private final Predicate<JobStatus> wanted;
    private final CompletableFuture<Optional<JobStatus>> done = new CompletableFuture<>();
    private @Nullable Registration listening;
    private @Nullable Registration timer;

    JobWaiting(Jobs jobs, QueueContext context, UUID id, Predicate<JobStatus> wanted) {
        this.jobs = jobs;
        this.context = context;
        this.id = id;
        this.wanted = wanted;
    }

    CompletableFuture<Optional<JobStatus>> begin(Duration patience) {
        listening = jobs.watch(id, this::changed);
        timer = context.timers().after(patience.toMillis(), this::timeIsOver);
        var _ = done.whenComplete((_, _) -> context.owner().execute(this::end));
        return done;
    }

    private void changed(JobStatus status) {
        if (wanted.test(status)) {
            done.complete(Optional.of(status));
        }
    }

    private void timeIsOver() {
        var _ = jobs.find(id).whenComplete((found, failure) -> {
            if (failure == null) {
                done.complete(found);
            } else {
                done.completeExceptionally(failure);
            }
        });
    }

    private void end() {
        close(listening);
        close(timer);
    }

    private static void close(@Nullable Registration open) {
        if (open != null) {
            open.close();
        }
    }
}
