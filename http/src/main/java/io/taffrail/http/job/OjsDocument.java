package io.taffrail.http.job;

import io.taffrail.broker.job.JobState;
import io.taffrail.broker.job.JobStatus;
import io.taffrail.net.json.Json;
import io.taffrail.net.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job in the form of the Open Job Spec. Its attempt counts the failures before, ours the attempts
 * that have begun. Pure functions.
 */
final class OjsDocument {

    private OjsDocument() {}

    static String state(JobState state) {
        return switch (state) {
            case SCHEDULED -> "scheduled";
            case QUEUED -> "available";
            case RUNNING -> "active";
            case FAILED -> "retryable";
            case SUCCEEDED -> "completed";
            case DEAD -> "discarded";
            case CANCELLED -> "cancelled";
        };
    }

    static int failures(JobStatus status) {
        boolean isOpen = status.state() == JobState.RUNNING
                || status.state() == JobState.SUCCEEDED;
        return isOpen ? Math.max(0, status.attempt() - 1) : status.attempt();
    }

    static Map<String, @Nullable Object> of(JobStatus status) {
        Map<String, @Nullable Object> job = new LinkedHashMap<>();
        job.put("specversion", OjsRoutes.VERSION);
        job.put("id", status.id().toString());
        job.put("type", status.terms().type());
        job.put("queue", status.terms().queue());
        if (value(status.terms().extra()) instanceof Map<?, ?> extra) {
            extra.forEach((name, value) -> job.putIfAbsent(String.valueOf(name), value));
        }
        job.put("state", state(status.state()));
        job.put("attempt", failures(status));
        job.put("max_attempts", status.terms().retry().attempts());
        job.put("created_at", time(status.createdMs()));
        job.put("enqueued_at", time(status.createdMs()));
        if (status.state() == JobState.SCHEDULED) {
            job.put("scheduled_at", time(status.dueMs()));
        }
        if (status.startedMs() != 0) {
            job.put("started_at", time(status.startedMs()));
        }
        ended(status, job);
        return job;
    }

    private static void ended(JobStatus status, Map<String, @Nullable Object> job) {
        List<Object> errors = errors(status);
        switch (status.state()) {
            case SUCCEEDED -> {
                job.put("completed_at", time(status.changedMs()));
                if (!status.outcome().resultType().isEmpty()) {
                    job.put("result", value(new String(status.outcome().result(),
                            StandardCharsets.UTF_8)));
                }
            }
            case CANCELLED -> job.put("cancelled_at", time(status.changedMs()));
            case DEAD -> job.put("discarded_at", time(status.changedMs()));
            case FAILED -> {
                job.put("next_attempt_at", time(status.dueMs()));
                job.put("retry_delay_ms", status.dueMs() - status.changedMs());
            }
            case SCHEDULED, QUEUED, RUNNING -> {
                // Nothing has ended.
            }
        }
        if (!errors.isEmpty()) {
            job.put("errors", errors);
            if (status.state() != JobState.SUCCEEDED) {
                job.put("error", errors.getLast());
            }
        }
    }

    /** The errors of all attempts, as far as workers of this binding reported them. */
    static List<Object> errors(JobStatus status) {
        List<Object> errors = new ArrayList<>();
        if (value(status.outcome().error()) instanceof List<?> known) {
            known.forEach(each -> {
                if (each != null) {
                    errors.add(each);
                }
            });
        }
        return errors;
    }

    private static @Nullable Object value(String text) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            return Json.read(text);
        } catch (JsonException _) {
            return text;
        }
    }

    static String time(long ms) {
        String text = Instant.ofEpochMilli(ms).toString();
        return text.contains(".") ? text : text.replace("Z", ".000Z");
    }
}
