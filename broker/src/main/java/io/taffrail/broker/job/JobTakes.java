package io.taffrail.broker.job;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Consumer;
import io.taffrail.broker.queue.ConsumerOptions;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.queue.Getter;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.queue.Subscription;
import io.taffrail.log.spi.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The handing out of jobs to workers that ask for them one request at a time. A job is then held by
 * a lease: the delivery is rejected when its worker does not report in time. Owner thread only.
 */
final class JobTakes {

    private static final int MOST = 100;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final Duration LONGEST_LEASE = Duration.ofDays(7);

    private final JobHost host;
    private final LiveJobs jobs;
    private final Session session = new Session("job workers");
    private final GetHolder holder = new GetHolder(List.of());

    JobTakes(JobHost host, LiveJobs jobs) {
        this.host = host;
        this.jobs = jobs;
    }

    CompletableFuture<List<Jobs.Taken>> take(Jobs.Take request) {
        check("the number of jobs is 1 to " + MOST,
                request.most() >= 1 && request.most() <= MOST);
        check("a worker waits for 0 s to 5 minutes", !request.patience().isNegative()
                && request.patience().compareTo(LONGEST_WAIT) <= 0);
        check("a lease lasts 1 s to 7 days", request.lease().toMillis() >= 1000
                && request.lease().compareTo(LONGEST_LEASE) <= 0);
        if (host.queue(request.queue()).isEmpty()) {
            throw new BrokerException(BrokerError.QUEUE_NOT_FOUND, "no queue '" + request.queue()
                    + "' in vhost '" + host.name() + "'");
        }
        Taking taking = new Taking(request);
        taking.next();
        return taking.done;
    }

    private static void check(String rule, boolean holds) {
        if (!holds) {
            throw JobException.invalid(rule);
        }
    }

    /** One request: first what is ready, then, if that is nothing, what comes in time. */
    private final class Taking implements Getter, Consumer {

        private final Jobs.Take request;
        private final List<Jobs.Taken> taken = new ArrayList<>(1);
        /** Complete when the beginning of each attempt is durable, so that others see it. */
        private final List<CompletableFuture<JobStatus>> begun = new ArrayList<>(1);
        private final CompletableFuture<List<Jobs.Taken>> done = new CompletableFuture<>();
        private @Nullable Subscription subscription;
        private @Nullable Registration timer;
        private boolean empty;
        private boolean over;

        Taking(Jobs.Take request) {
            this.request = request;
        }

        void next() {
            var _ = host.get(request.queue(), session, holder, this)
                    .whenComplete((_, failure) -> {
                        if (failure != null) {
                            over = true;
                            done.completeExceptionally(failure);
                        } else if (!empty && taken.size() < request.most()) {
                            next();
                        } else if (taken.isEmpty() && !over && !request.patience().isZero()) {
                            await();
                        } else {
                            end();
                        }
                    });
        }

        @Override
        public void got(Delivery delivery, StoredMessage message, long left) {
            take(delivery, message);
        }

        @Override
        public void empty() {
            empty = true;
        }

        private void take(Delivery delivery, StoredMessage stored) {
            Message message = JobMessages.copy(stored);
            var job = jobs.hold(delivery, message, request.lease(), request.worker());
            if (job.isPresent()) {
                taken.add(new Jobs.Taken(job.get().now, message));
                begun.add(job.get().stored());
            } else {
                // Not a job: only other kinds of consumers can settle it.
                empty = true;
                over = true;
                delivery.requeue();
            }
        }

        /** Subscribes until a job comes, the time is over or the client leaves. */
        private void await() {
            timer = host.context().timers().after(request.patience().toMillis(), this::end);
            var _ = done.whenComplete((_, _) -> host.context().owner().execute(this::end));
            var _ = host.consume(request.queue(), new ConsumerOptions("job-worker", session, true,
                    false, List.of(), FieldTable.EMPTY), this)
                    .whenComplete((subscribed, failure) -> {
                        if (failure != null) {
                            done.completeExceptionally(failure);
                        } else if (over) {
                            subscribed.cancel();
                        } else {
                            subscription = subscribed;
                        }
                    });
        }

        @Override
        public boolean isReady() {
            return !over && taken.size() < request.most();
        }

        @Override
        public void deliver(Delivery delivery, StoredMessage message) {
            take(delivery, message);
        }

        @Override
        public void delivered() {
            host.context().owner().execute(this::end);
        }

        @Override
        public void cancelled() {
            subscription = null;
            end();
        }

        private void end() {
            over = true;
            Registration clock = timer;
            if (clock != null) {
                clock.close();
                timer = null;
            }
            Subscription open = subscription;
            if (open != null) {
                subscription = null;
                open.cancel();
            }
            var _ = CompletableFuture.allOf(begun.toArray(CompletableFuture[]::new))
                    .whenComplete((_, _) -> answer());
        }

        private void answer() {
            if (!done.complete(List.copyOf(taken)) && done.isCancelled()) {
                taken.forEach(job -> jobs.unclaimed(job.status()));
                taken.clear();
            }
        }
    }
}
