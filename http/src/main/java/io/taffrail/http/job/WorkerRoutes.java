package io.taffrail.http.job;

import io.taffrail.broker.job.JobResult;
import io.taffrail.broker.job.JobStatus;
import io.taffrail.broker.job.Jobs;
import io.taffrail.broker.job.Jobs.Take;
import io.taffrail.broker.job.Jobs.Taken;
import io.taffrail.broker.user.Permission;
import io.taffrail.http.job.JobScope.Use;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpReply;
import io.taffrail.net.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Workers over HTTP: they fetch jobs, report, and name the run that they were given. */
final class WorkerRoutes {

    private static final Set<String> FETCH = Set.of("count", "wait", "lease", "worker");
    private static final Set<String> BEAT = Set.of("progress", "note", "lease");
    private static final Set<String> NACK = Set.of("reason", "error", "retry");
    private static final Duration USUAL_LEASE = Duration.ofSeconds(60);
    private static final int MAX_NOTE_CHARS = 4096;

    private WorkerRoutes() {}

    /** {@code POST /jobs/QUEUE/fetch}: 200 with jobs, or 204. */
    static HttpReply fetch(Use use, HttpCall call) {
        String queue = call.parameter("name");
        use.access().queue(Permission.READ, queue);
        JobFields fields = JobFields.of(call, FETCH);
        Take request = new Take(queue, fields.number("count", 1, 100).orElse(1),
                span(fields, "wait").orElse(Duration.ZERO),
                span(fields, "lease").orElse(USUAL_LEASE),
                fields.text("worker").orElse(call.user().name()));
        return use.later(jobs -> jobs.take(request), taken -> {
            if (taken.isEmpty()) {
                return HttpAnswer.empty(204);
            }
            List<Object> all = new ArrayList<>();
            taken.forEach(job -> all.add(document(job, EnqueueRoute.queryOf(use))));
            return HttpAnswer.json(Map.of("jobs", all));
        });
    }

    private static Map<String, @Nullable Object> document(Taken taken, String query) {
        Map<String, @Nullable Object> job = new LinkedHashMap<>(
                JobDocument.of(taken.status(), query));
        job.put("run", taken.status().run());
        job.put("message", JobDocument.message(taken.message()));
        return job;
    }

    private static Optional<Duration> span(JobFields fields, String name) {
        Object value = fields.value(name);
        return value == null
                ? Optional.empty()
                : Optional.of(Spans.span(name, value instanceof String text
                        ? text
                        : Json.write(value)));
    }

    /** {@code POST /jobs/ID/ack?run=N}: the body is the result. */
    static HttpReply ack(Use use, HttpCall call) {
        JobResult result = call.body().length == 0
                ? JobResult.NONE
                : new JobResult(call.header("content-type").orElse("application/octet-stream"),
                        call.body());
        UUID id = StatusRoutes.id(call);
        int run = run(call);
        return reported(use, call, jobs -> jobs.succeed(id, run, result));
    }

    /** {@code POST /jobs/ID/nack?run=N}: the attempt failed. */
    static HttpReply nack(Use use, HttpCall call) {
        JobFields fields = JobFields.of(call, NACK);
        String reason = cut(fields.text("reason").orElse("its worker reported a failure"));
        Object error = fields.value("error");
        UUID id = StatusRoutes.id(call);
        int run = run(call);
        boolean retry = fields.flag("retry").orElse(true);
        return reported(use, call, jobs -> jobs.fail(id, run, reason,
                error == null ? "" : Json.write(error), retry));
    }

    /** {@code POST /jobs/ID/heartbeat?run=N}: the worker is alive, and may tell its progress. */
    static HttpReply heartbeat(Use use, HttpCall call) {
        JobFields fields = JobFields.of(call, BEAT);
        Optional<Integer> progress = fields.number("progress", 0, 100);
        String note = cut(fields.text("note").orElse(""));
        Duration lease = span(fields, "lease").orElse(USUAL_LEASE);
        UUID id = StatusRoutes.id(call);
        int run = run(call);
        return reported(use, call, jobs -> jobs.heartbeat(id, run, Optional.of(lease))
                .thenCompose(status -> progress.isEmpty() && note.isEmpty()
                        ? CompletableFuture.completedFuture(status)
                        : jobs.progress(id, run,
                                progress.orElse(status.outcome().percent()), note)));
    }

    private static String cut(String note) {
        return note.length() <= MAX_NOTE_CHARS ? note : note.substring(0, MAX_NOTE_CHARS);
    }

    private static int run(HttpCall call) {
        String text = call.query("run").orElseThrow(() -> Problem.invalid(
                "the parameter 'run' is missing: the number that the worker got with the job"));
        try {
            return Integer.parseUnsignedInt(text);
        } catch (NumberFormatException _) {
            throw Problem.invalid("'run' is a whole number, not '" + text + "'");
        }
    }

    /** A report of a worker, which needs the right to read the job's queue. */
    private static HttpReply reported(Use use, HttpCall call,
            Function<Jobs, CompletableFuture<JobStatus>> report) {
        return changed(use, call, Permission.READ, report);
    }

    /** {@code DELETE /jobs/ID}: cancels. */
    static HttpReply cancel(Use use, HttpCall call) {
        UUID id = StatusRoutes.id(call);
        return changed(use, call, Permission.WRITE, jobs -> jobs.cancel(id));
    }

    /** {@code POST /jobs/ID/retry}: a dead job begins anew. */
    static HttpReply retry(Use use, HttpCall call) {
        UUID id = StatusRoutes.id(call);
        return changed(use, call, Permission.WRITE, jobs -> jobs.retry(id));
    }

    private static HttpReply changed(Use use, HttpCall call, Permission needed,
            Function<Jobs, CompletableFuture<JobStatus>> change) {
        UUID id = StatusRoutes.id(call);
        return use.later(jobs -> jobs.find(id).thenCompose(found -> {
            JobStatus known = use.seen(found, call.parameter("name"));
            use.may(known, needed, needed);
            return change.apply(jobs);
        }), status -> HttpAnswer.json(JobDocument.of(status, EnqueueRoute.queryOf(use)))
                .with("etag", JobDocument.tag(status)));
    }
}
