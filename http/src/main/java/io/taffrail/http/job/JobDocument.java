package io.taffrail.http.job;

import io.taffrail.broker.job.JobState;
import io.taffrail.broker.job.JobStatus;
import io.taffrail.broker.job.JobStatus.Outcome;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.PlainProperties;
import io.taffrail.net.json.Json;
import io.taffrail.net.json.JsonException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A job as a JSON object. Pure functions. */
final class JobDocument {

    private JobDocument() {}

    static Map<String, @Nullable Object> of(JobStatus status, String query) {
        Map<String, @Nullable Object> job = new LinkedHashMap<>();
        job.put("id", status.id().toString());
        job.put("queue", status.terms().queue());
        if (!status.terms().type().isEmpty()) {
            job.put("type", status.terms().type());
        }
        job.put("state", status.state().text());
        job.put("attempt", status.attempt());
        job.put("attempts", status.terms().retry().attempts());
        job.put("created", time(status.createdMs()));
        job.put("changed", time(status.changedMs()));
        if (status.state().isWaiting()) {
            job.put("due", time(status.dueMs()));
        }
        if (status.startedMs() != 0) {
            job.put("started", time(status.startedMs()));
            job.put("worker", status.worker());
        }
        outcome(status, job);
        job.put("self", path(status, query));
        return job;
    }

    /** The path of a job; {@code query} names the virtual host, or is empty. */
    static String path(JobStatus status, String query) {
        return "/jobs/" + status.id() + query;
    }

    private static String time(long ms) {
        return Instant.ofEpochMilli(ms).toString();
    }

    private static void outcome(JobStatus status, Map<String, @Nullable Object> job) {
        Outcome outcome = status.outcome();
        if (outcome.percent() > 0 || !outcome.note().isEmpty()) {
            job.put("progress", outcome.percent());
        }
        if (!outcome.note().isEmpty()) {
            job.put("note", outcome.note());
        }
        if (status.state() != JobState.SUCCEEDED && !outcome.reason().isEmpty()) {
            job.put("reason", outcome.reason());
            if (!outcome.error().isEmpty()) {
                job.put("error", json(outcome.error()));
            }
        }
        if (!outcome.resultType().isEmpty()) {
            job.put("resultType", outcome.resultType());
            body("result", outcome.resultType(), outcome.result(), job);
        }
    }

    private static @Nullable Object json(String text) {
        try {
            return Json.read(text);
        } catch (JsonException _) {
            return text;
        }
    }

    /** Adds a body: JSON as it is, other text as text, the rest in base64. */
    private static void body(String name, String type, byte[] body,
            Map<String, @Nullable Object> to) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body))
                    .toString();
            to.put(name, isJson(type) ? json(text) : text);
        } catch (CharacterCodingException _) {
            to.put(name, Base64.getEncoder().encodeToString(body));
            to.put(name + "Encoding", "base64");
        }
    }

    static boolean isJson(String type) {
        String plain = type.split(";", 2)[0].strip();
        return plain.equals("application/json") || plain.endsWith("+json");
    }

    /** A message for a worker. */
    static Map<String, @Nullable Object> message(Message message) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        Map<String, Object> properties = PlainProperties.plain(message.properties());
        byte[] body = new byte[message.body().remaining()];
        message.body().get(message.body().position(), body);
        object.put("properties", properties);
        body("body", String.valueOf(properties.getOrDefault("content_type", "")), body, object);
        return object;
    }

    /** The entity tag of a state. */
    static String tag(JobStatus status) {
        return "\"" + status.version() + "\"";
    }
}
