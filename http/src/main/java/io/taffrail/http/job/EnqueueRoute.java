package io.taffrail.http.job;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.job.JobOrder;
import io.taffrail.broker.job.JobStatus;
import io.taffrail.broker.job.Jobs;
import io.taffrail.broker.job.Jobs.Enqueued;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.user.Permission;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.http.job.JobScope.Use;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpReply;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code POST /jobs/QUEUE}: 202 when the job is on disk. With {@code Prefer: wait=N} (RFC 7240) the
 * answer waits so many seconds, and is 200 if the job has finished by then. A queue that does not
 * exist is created if the user may.
 */
final class EnqueueRoute {

    private static final Pattern WAIT = Pattern.compile("(?:^|[,;\\s])wait\\s*=\\s*([0-9]{1,6})");
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final Session SESSION = new Session("HTTP jobs");

    private final InstantSource clock;

    EnqueueRoute(InstantSource clock) {
        this.clock = clock;
    }

    HttpReply answer(Use use, HttpCall call) {
        String queue = call.parameter("name");
        use.access().queue(Permission.WRITE, queue);
        JobOrder order = new OrderForm(call, queue, clock.millis()).read();
        Optional<Duration> patience = patience(call);
        return use.later(jobs -> enqueue(use, jobs, order)
                .thenCompose(done -> waited(jobs, done, patience)),
                done -> answer(done, queryOf(use), patience));
    }

    /** Enqueues; a missing queue is created first. */
    static CompletableFuture<Enqueued> enqueue(Use use, Jobs jobs, JobOrder order) {
        return attempt(jobs, order).exceptionallyCompose(failure -> {
            if (!isMissing(failure)) {
                return CompletableFuture.failedFuture(failure);
            }
            use.access().queue(Permission.CONFIGURE, order.terms().queue());
            return declare(use.host(), order.terms().queue())
                    .thenCompose(_ -> jobs.enqueue(order));
        });
    }

    private static CompletableFuture<Enqueued> attempt(Jobs jobs, JobOrder order) {
        try {
            return jobs.enqueue(order);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static boolean isMissing(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        return cause instanceof BrokerException refusal
                && refusal.error() == BrokerError.QUEUE_NOT_FOUND;
    }

    static CompletableFuture<?> declare(VirtualHost host, String queue) {
        return host.declareQueue(new QueueDeclaration(queue, true, false, false, FieldTable.EMPTY),
                SESSION);
    }

    private static CompletableFuture<Enqueued> waited(Jobs jobs, Enqueued done,
            Optional<Duration> patience) {
        return patience.isEmpty() || done.status().isFinal()
                ? CompletableFuture.completedFuture(done)
                : jobs.await(done.status().id(), JobStatus::isFinal, patience.get())
                        .thenApply(found -> new Enqueued(found.orElse(done.status()),
                                done.again()));
    }

    private static Optional<Duration> patience(HttpCall call) {
        Matcher wait = WAIT.matcher(call.header("prefer").orElse(""));
        if (!wait.find()) {
            return Optional.empty();
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(wait.group(1)));
        return Optional.of(asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked);
    }

    private HttpReply answer(Enqueued done, String query, Optional<Duration> patience) {
        JobStatus status = done.status();
        HttpAnswer answer = HttpAnswer.json(status.isFinal() ? 200 : 202,
                JobDocument.of(status, query))
                .with("location", JobDocument.path(status, query))
                .with("etag", JobDocument.tag(status));
        if (!status.isFinal()) {
            answer = answer.with("retry-after", String.valueOf(retryAfter(status)));
        }
        if (done.again()) {
            answer = answer.with("idempotency-replayed", "true");
        }
        return patience.isPresent()
                ? answer.with("preference-applied", "wait=" + patience.get().toSeconds())
                : answer;
    }

    /** Seconds after which a look is worth it. */
    private long retryAfter(JobStatus status) {
        return status.state().isWaiting()
                ? Math.max(1, (status.dueMs() - clock.millis()) / 1000)
                : 1;
    }

    /** The query that names the virtual host in links. */
    static String queryOf(Use use) {
        return use.name().isEmpty()
                ? ""
                : "?vhost=" + java.net.URLEncoder.encode(use.name(),
                        java.nio.charset.StandardCharsets.UTF_8);
    }
}
