package io.taffrail.http.job;

import io.taffrail.broker.job.JobIds;
import io.taffrail.broker.job.JobState;
import io.taffrail.broker.job.JobStatus;
import io.taffrail.broker.job.Jobs;
import io.taffrail.broker.user.Permission;
import io.taffrail.http.job.JobScope.Use;
import io.taffrail.http.route.EventStream;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpReply;
import io.taffrail.http.route.LaterAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** Looks at jobs, their results and their events. */
final class StatusRoutes {

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final int MOST_LISTED = 1000;

    private StatusRoutes() {}

    static UUID id(HttpCall call) {
        String text = call.parameter("name");
        return JobIds.parse(text).orElseThrow(() -> Problem.of(404, "unknown",
                "there is no job " + text));
    }

    /** {@code GET /jobs/ID}: 200 or 304; with {@code wait=30s} after a change. */
    static HttpReply get(Use use, HttpCall call) {
        if (call.header("accept").orElse("").contains("text/event-stream")) {
            return events(use, call);
        }
        UUID id = id(call);
        Optional<String> known = call.header("if-none-match");
        Duration patience = call.query("wait").map(it -> Spans.span("wait", it))
                .orElse(Duration.ZERO);
        if (patience.compareTo(LONGEST_WAIT) > 0) {
            patience = LONGEST_WAIT;
        }
        Duration waits = patience;
        Predicate<JobStatus> wanted = known.isEmpty()
                ? JobStatus::isFinal
                : status -> !matches(known.get(), status);
        return use.later(jobs -> jobs.await(id, wanted, waits), found -> {
            JobStatus status = use.seen(found, call.parameter("name"));
            HttpAnswer answer = known.filter(it -> matches(it, status)).isPresent()
                    ? HttpAnswer.empty(304)
                    : HttpAnswer.json(JobDocument.of(status, EnqueueRoute.queryOf(use)));
            return status.isFinal()
                    ? answer.with("etag", JobDocument.tag(status))
                    : answer.with("etag", JobDocument.tag(status)).with("retry-after", "1");
        });
    }

    private static boolean matches(String tags, JobStatus status) {
        for (String tag : tags.split(",", -1)) {
            String plain = tag.strip();
            if (plain.equals("*") || plain.equals(JobDocument.tag(status))
                    || plain.equals("W/" + JobDocument.tag(status))) {
                return true;
            }
        }
        return false;
    }

    /**
     * {@code GET /jobs/ID/result}: the result as the worker gave it, or 303 while there is none.
     */
    static HttpReply result(Use use, HttpCall call) {
        UUID id = id(call);
        return use.later(jobs -> jobs.find(id), found -> {
            JobStatus status = use.seen(found, call.parameter("name"));
            if (status.state() != JobState.SUCCEEDED) {
                return status.isFinal()
                        ? Problem.of(409, "no-result", "the job is " + status.state().text())
                                .answer(call.path())
                        : HttpAnswer.json(202, JobDocument.of(status, EnqueueRoute.queryOf(use)))
                                .with("location", JobDocument.path(status,
                                        EnqueueRoute.queryOf(use)))
                                .with("retry-after", "1");
            }
            if (status.outcome().resultType().isEmpty()) {
                return HttpAnswer.empty(204);
            }
            byte[] body = status.outcome().result();
            return new HttpAnswer(200, status.outcome().resultType(),
                    Map.of("etag", JobDocument.tag(status)), out -> out.write(body));
        });
    }

    /** {@code GET /jobs/ID/events}: the state now, and each change until the job has finished. */
    static HttpReply events(Use use, HttpCall call) {
        UUID id = id(call);
        CompletableFuture<HttpReply> open = use.in(jobs -> jobs.find(id)).thenApply(found -> {
            var _ = use.seen(found, call.parameter("name"));
            return new EventStream(sink -> new JobEventStream(use, id, sink).open());
        });
        return new LaterAnswer(open);
    }

    /** {@code GET /jobs}: jobs of queues that the user may see. */
    static HttpReply list(Use use, HttpCall call) {
        Optional<String> queue = call.query("queue");
        Optional<JobState> state = call.query("state").map(StatusRoutes::state);
        int limit = limit(call.query("limit"));
        Predicate<JobStatus> wanted = status -> queue.filter(
                it -> !it.equals(status.terms().queue())).isEmpty()
                && state.filter(it -> it != status.state()).isEmpty() && isSeen(use, status);
        return use.later((Jobs jobs) -> jobs.list(wanted, limit), found -> {
            List<Object> all = new ArrayList<>();
            found.forEach(job -> all.add(JobDocument.of(job, EnqueueRoute.queryOf(use))));
            return HttpAnswer.json(Map.of("jobs", all));
        });
    }

    static boolean isSeen(Use use, JobStatus status) {
        try {
            use.may(status, Permission.READ, Permission.WRITE);
            return true;
        } catch (io.taffrail.broker.BrokerException _) {
            return false;
        }
    }

    private static JobState state(String text) {
        for (JobState each : JobState.values()) {
            if (each.text().equals(text.toLowerCase(Locale.ROOT))) {
                return each;
            }
        }
        throw Problem.invalid("there is no state '" + text + "'");
    }

    private static int limit(Optional<String> text) {
        try {
            int limit = Integer.parseInt(text.orElse("100"));
            if (limit >= 1 && limit <= MOST_LISTED) {
                return limit;
            }
        } catch (NumberFormatException _) {
            // Refused below.
        }
        throw Problem.invalid("'limit' is 1 to " + MOST_LISTED);
    }
}
