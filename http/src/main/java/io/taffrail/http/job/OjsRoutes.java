package io.taffrail.http.job;

import io.taffrail.broker.job.JobException;
import io.taffrail.broker.job.JobException.Reason;
import io.taffrail.broker.job.JobIds;
import io.taffrail.broker.job.JobOrder;
import io.taffrail.broker.job.JobResult;
import io.taffrail.broker.job.JobState;
import io.taffrail.broker.job.JobStatus;
import io.taffrail.broker.job.Jobs;
import io.taffrail.broker.job.Jobs.Take;
import io.taffrail.broker.job.Jobs.Taken;
import io.taffrail.broker.user.Permission;
import io.taffrail.http.job.JobScope.Use;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpReply;
import io.taffrail.http.route.HttpRoute;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import io.taffrail.http.route.LaterAnswer;
import io.taffrail.net.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP binding of the Open Job Spec 1.0.0-rc.1: jobs, workers and dead letters of levels 0 and
 * 1, and delays of level 2.
 */
final class OjsRoutes {

    static final String VERSION = "1.0.0-rc.1";
    private static final int USUAL_LEASE_MS = 30_000;
    private static final int MOST_ERRORS = 50;
    private static final int MOST_LISTED = 100;

    private final JobScope scope;
    private final InstantSource clock;

    private OjsRoutes(JobScope scope, InstantSource clock) {
        this.scope = scope;
        this.clock = clock;
    }

    static void register(HttpRoutes routes, JobScope scope, InstantSource clock) {
        OjsRoutes ojs = new OjsRoutes(scope, clock);
        routes.on("GET", "/ojs/manifest", HttpTag.ANYBODY, _ -> shown(200, manifest()))
                .on("GET", "/ojs/v1/health", HttpTag.ANYBODY,
                        _ -> shown(200, Map.of("status", "ok", "version", "1.0")))
                .on("POST", "/ojs/v1/jobs", HttpTag.USER, ojs.route(OjsRoutes::push))
                .on("GET", "/ojs/v1/jobs/{name}", HttpTag.USER, ojs.route(OjsRoutes::info))
                .on("DELETE", "/ojs/v1/jobs/{name}", HttpTag.USER, ojs.route(OjsRoutes::cancel))
                .on("POST", "/ojs/v1/workers/fetch", HttpTag.USER, ojs.route(OjsRoutes::fetch))
                .on("POST", "/ojs/v1/workers/ack", HttpTag.USER, ojs.route(OjsRoutes::ack))
                .on("POST", "/ojs/v1/workers/nack", HttpTag.USER, ojs.route(OjsRoutes::nack))
                .on("POST", "/ojs/v1/workers/heartbeat", HttpTag.USER, ojs.route(ojs::heartbeat))
                .on("GET", "/ojs/v1/dead-letter", HttpTag.USER, ojs.route(OjsRoutes::dead))
                .on("POST", "/ojs/v1/dead-letter/{name}/retry", HttpTag.USER,
                        ojs.route(OjsRoutes::retry));
    }

    private static Map<String, Object> manifest() {
        Map<String, Object> manifest = new LinkedHashMap<>();
        manifest.put("specversion", VERSION);
        manifest.put("ojs_version", VERSION);
        manifest.put("implementation", Map.of("name", "taffrail", "language", "java"));
        manifest.put("conformance_level", 1);
        manifest.put("protocols", List.of("http"));
        manifest.put("backend", "taffrail");
        return manifest;
    }

    private HttpRoute route(BiFunction<Use, HttpCall, HttpReply> body) {
        return scope.route((use, call) -> {
            checkType(call);
            return body.apply(use, call);
        }, OjsRoutes::problem);
    }

    private static void checkType(HttpCall call) {
        String type = call.header("content-type").orElse("application/json").split(";", 2)[0]
                .strip();
        if (call.body().length > 0 && !type.equals(OjsOrder.MEDIA_TYPE)
                && !type.equals("application/json")) {
            throw Problem.invalid("the content type is " + OjsOrder.MEDIA_TYPE);
        }
    }

    private static HttpAnswer shown(int status, Object value) {
        return HttpAnswer.json(status, value).as(OjsOrder.MEDIA_TYPE).with("ojs-version", "1.0")
                .with("x-request-id", "req_" + UUID.randomUUID());
    }

    private static HttpAnswer problem(Problem problem) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", switch (problem.status()) {
            case 404 -> "not_found";
            case 403 -> "forbidden";
            case 413 -> "payload_too_large";
            case 503 -> "backend_error";
            default -> problem.code().equals("not-unique") ? "duplicate" : "invalid_request";
        });
        error.put("message", problem.detail());
        error.put("retryable", problem.status() >= 500);
        problem.job().ifPresent(id -> error.put("details",
                Map.of("job_id", id.toString(), "existing_job_id", id.toString())));
        return shown(problem.status(), Map.of("error", error));
    }

    private static HttpReply push(Use use, HttpCall call) {
        JobOrder order = new OjsOrder(JobFields.object(call.body())).read();
        use.access().queue(Permission.WRITE, order.terms().queue());
        return use.later(jobs -> EnqueueRoute.enqueue(use, jobs, order), done -> shown(201,
                Map.of("job", OjsDocument.of(done.status())))
                .with("location", "/ojs/v1/jobs/" + done.status().id()));
    }

    private static HttpReply info(Use use, HttpCall call) {
        UUID id = StatusRoutes.id(call);
        return use.later(jobs -> jobs.find(id), found -> shown(200,
                Map.of("job", OjsDocument.of(use.seen(found, call.parameter("name"))))));
    }

    private static HttpReply cancel(Use use, HttpCall call) {
        return changed(use, StatusRoutes.id(call), Permission.WRITE, (jobs, known) -> {
            if (known.isFinal()) {
                throw JobException.of(Reason.FINISHED, "cannot cancel a job in the state '"
                        + OjsDocument.state(known.state()) + "'", known.id());
            }
            return jobs.cancel(known.id());
        });
    }

    private static HttpReply retry(Use use, HttpCall call) {
        return changed(use, StatusRoutes.id(call), Permission.WRITE,
                (jobs, known) -> jobs.retry(known.id()));
    }

    private static LaterAnswer changed(Use use, UUID id, Permission needed,
            BiFunction<Jobs, JobStatus, CompletableFuture<JobStatus>> change) {
        return use.later(jobs -> jobs.find(id).thenCompose(found -> {
            JobStatus known = use.seen(found, id.toString());
            use.may(known, needed, needed);
            return change.apply(jobs, known);
        }), OjsRoutes::changed);
    }

    private static HttpReply changed(JobStatus status) {
        Map<String, @Nullable Object> job = OjsDocument.of(status);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("acknowledged", true);
        answer.put("job_id", status.id().toString());
        for (String name : List.of("state", "attempt", "max_attempts", "next_attempt_at",
                "completed_at", "discarded_at", "cancelled_at")) {
            Object value = job.get(name);
            if (value != null) {
                answer.put(name, value);
            }
        }
        answer.put("job", job);
        return shown(200, answer);
    }

    private static HttpReply fetch(Use use, HttpCall call) {
        JobFields fields = new JobFields(JobFields.object(call.body()));
        if (!(fields.value("queues") instanceof List<?> names) || names.isEmpty()) {
            throw Problem.invalid("'queues' is a list of names");
        }
        int count = fields.number("count", 1, 100).orElse(1);
        Duration lease = Duration.ofMillis(Math.max(1000,
                fields.number("visibility_timeout_ms", 1, Integer.MAX_VALUE)
                        .orElse(USUAL_LEASE_MS)));
        String worker = fields.text("worker_id").orElse(call.user().name());
        List<Taken> taken = new ArrayList<>();
        names.forEach(name -> use.access().queue(Permission.READ, String.valueOf(name)));
        return use.later(jobs -> take(use, jobs, new ArrayList<>(names), taken, new Take("",
                count, Duration.ZERO, lease, worker)), _ -> {
                    List<Object> all = new ArrayList<>();
                    taken.forEach(job -> all.add(OjsDocument.of(job.status())));
                    Map<String, Object> answer = new LinkedHashMap<>();
                    answer.put("jobs", all);
                    if (!all.isEmpty()) {
                        answer.put("job", all.getFirst());
                    }
                    return shown(200, answer);
                });
    }

    /** Takes from one queue after the other; those that do not exist are empty. */
    private static CompletableFuture<Boolean> take(Use use, Jobs jobs, List<?> queues,
            List<Taken> taken, Take terms) {
        if (queues.isEmpty() || taken.size() >= terms.most()) {
            return CompletableFuture.completedFuture(true);
        }
        String queue = String.valueOf(queues.getFirst());
        List<?> others = queues.subList(1, queues.size());
        if (use.host().inventory().queue(queue).isEmpty()) {
            return take(use, jobs, others, taken, terms);
        }
        return jobs.take(new Take(queue, terms.most() - taken.size(), terms.patience(),
                terms.lease(), terms.worker())).thenCompose(more -> {
                    taken.addAll(more);
                    return take(use, jobs, others, taken, terms);
                });
    }

    private static UUID jobId(JobFields fields) {
        String text = fields.text("job_id")
                .orElseThrow(() -> Problem.invalid("the field 'job_id' is missing"));
        return JobIds.parse(text).orElseThrow(() -> Problem.of(404, "unknown",
                "there is no job " + text));
    }

    private static HttpReply ack(Use use, HttpCall call) {
        JobFields fields = new JobFields(JobFields.object(call.body()));
        Object result = fields.value("result");
        JobResult given = result == null
                ? JobResult.NONE
                : new JobResult("application/json",
                        Json.write(result).getBytes(StandardCharsets.UTF_8));
        return changed(use, jobId(fields), Permission.READ, (jobs, known) -> {
            checkActive(known);
            return jobs.succeed(known.id(), Jobs.ANY_RUN, given);
        });
    }

    private static void checkActive(JobStatus known) {
        if (known.state() != JobState.RUNNING) {
            throw JobException.of(Reason.NOT_HELD, "the job is not in the state 'active', but '"
                    + OjsDocument.state(known.state()) + "'", known.id());
        }
    }

    private static HttpReply nack(Use use, HttpCall call) {
        JobFields fields = new JobFields(JobFields.object(call.body()));
        if (!(fields.value("error") instanceof Map<?, ?> error)) {
            throw Problem.invalid("the field 'error' is an object");
        }
        String message = new JobFields(error).text("message").orElse("the worker failed");
        boolean mayRetry = new JobFields(error).flag("retryable").orElse(true);
        return changed(use, jobId(fields), Permission.READ, (jobs, known) -> {
            checkActive(known);
            List<Object> errors = OjsDocument.errors(known);
            Map<String, @Nullable Object> entry = new LinkedHashMap<>();
            error.forEach((name, value) -> entry.put(String.valueOf(name), value));
            entry.put("attempt", OjsDocument.failures(known));
            errors.add(entry);
            List<Object> last = errors.subList(Math.max(0, errors.size() - MOST_ERRORS),
                    errors.size());
            return jobs.fail(known.id(), known.run(), message, Json.write(last), mayRetry);
        });
    }

    private HttpReply heartbeat(Use use, HttpCall call) {
        JobFields fields = new JobFields(JobFields.object(call.body()));
        if (fields.text("worker_id").isEmpty()) {
            throw Problem.invalid("the field 'worker_id' is missing");
        }
        Duration lease = Duration.ofMillis(Math.max(1000,
                fields.number("visibility_timeout_ms", 1, Integer.MAX_VALUE)
                        .orElse(USUAL_LEASE_MS)));
        List<?> active = fields.value("active_jobs") instanceof List<?> list ? list : List.of();
        return use.later(jobs -> extended(jobs, use, active, lease), extended -> shown(200,
                Map.of("state", "running", "jobs_extended", extended, "server_time",
                        OjsDocument.time(clock.millis()))));
    }

    private static CompletableFuture<List<String>> extended(Jobs jobs, Use use, List<?> active,
            Duration lease) {
        List<String> extended = new ArrayList<>();
        for (Object each : active) {
            JobIds.parse(String.valueOf(each)).ifPresent(id -> {
                if (beats(jobs, use, id, lease)) {
                    extended.add(id.toString());
                }
            });
        }
        return CompletableFuture.completedFuture(extended);
    }

    /** Extends the lease of a job; false if nobody holds it. */
    private static boolean beats(Jobs jobs, Use use, UUID id, Duration lease) {
        try {
            JobStatus status = jobs.heartbeat(id, Jobs.ANY_RUN, Optional.of(lease)).join();
            use.may(status, Permission.READ, Permission.READ);
            return true;
        } catch (JobException _) {
            return false;
        }
    }

    private static HttpReply dead(Use use, HttpCall call) {
        Optional<String> queue = call.query("queue");
        Function<Jobs, CompletableFuture<List<JobStatus>>> listing = jobs -> jobs.list(
                status -> status.state() == JobState.DEAD && StatusRoutes.isSeen(use, status)
                        && queue.filter(it -> !it.equals(status.terms().queue())).isEmpty(),
                MOST_LISTED);
        return use.later(listing, found -> {
            List<Object> all = new ArrayList<>();
            found.forEach(job -> all.add(OjsDocument.of(job)));
            return shown(200, Map.of("jobs", all, "pagination", Map.of("total", all.size(),
                    "limit", MOST_LISTED, "offset", 0, "has_more", false)));
        });
    }
}
