package io.taffrail.http.job;

import io.taffrail.broker.job.JobIds;
import io.taffrail.broker.job.JobOrder;
import io.taffrail.broker.job.JobTerms;
import io.taffrail.broker.job.RetryPolicy;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.net.json.Json;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A job of the Open Job Spec (core, section 5) as an order. The message's body is the envelope with
 * its type and arguments; attributes that the broker does not need stay with the job.
 */
final class OjsOrder {

    static final String MEDIA_TYPE = "application/openjobspec+json";
    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9_-]*(\\.[a-z0-9_-]+)*");
    private static final Pattern QUEUE = Pattern.compile("[a-z0-9][a-z0-9._-]{0,254}");
    private static final Pattern VERSION_7 = Pattern
            .compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    private static final List<String> OPTIONS = List.of("priority", "tags",
            "visibility_timeout_ms", "expires_at", "unique");
    private static final int MAX_PRIORITY = 100;

    private final Map<?, ?> job;
    private final JobFields options;

    OjsOrder(Map<?, ?> job) {
        this.job = job;
        this.options = job.get("options") instanceof Map<?, ?> map
                ? new JobFields(map)
                : new JobFields(Map.of());
        if (job.get("options") != null && !(job.get("options") instanceof Map<?, ?>)) {
            throw Problem.invalid("'options' is an object");
        }
    }

    /**
     * Reads the job.
     *
     * @throws io.taffrail.http.route.HttpProblem
     *             if it is not well-formed
     */
    JobOrder read() {
        String type = new JobFields(job).text("type")
                .orElseThrow(() -> Problem.invalid("the field 'type' is missing"));
        if (!TYPE.matcher(type).matches()) {
            throw Problem.invalid("'type' is lower-case words with dots between them");
        }
        if (!(job.get("args") instanceof List<?>)) {
            throw Problem.invalid("the field 'args' must be a JSON array");
        }
        if (job.get("meta") != null && !(job.get("meta") instanceof Map<?, ?>)) {
            throw Problem.invalid("'meta' is an object");
        }
        String queue = options.text("queue").or(() -> new JobFields(job).text("queue"))
                .orElse("default");
        if (!QUEUE.matcher(queue).matches()) {
            throw Problem.invalid("'queue' is lower-case letters, digits, '.', '_' and '-'");
        }
        int priority = options.number("priority", -MAX_PRIORITY, MAX_PRIORITY).orElse(0);
        Optional<UUID> id = new JobFields(job).text("id").map(OjsOrder::id);
        long timeoutMs = options.number("timeout_ms", 1, Integer.MAX_VALUE).orElse(0);
        String extra = Json.write(extra(priority, timeoutMs));
        if (extra.length() > JobTerms.MAX_EXTRA_CHARS) {
            throw Problem.of(413, "payload-too-large", "a job has at most "
                    + JobTerms.MAX_EXTRA_CHARS + " characters");
        }
        JobTerms terms = new JobTerms(queue, type, retry(), timeoutMs, unique(type, queue), null,
                null, extra);
        return new JobOrder(id, terms, message(type, queue, priority), dueAtMs());
    }

    private static UUID id(String text) {
        return JobIds.parse(text).filter(_ -> VERSION_7.matcher(text).matches())
                .orElseThrow(() -> Problem.invalid("'id' is a UUID of version 7"));
    }

    private Message message(String type, String queue, int priority) {
        Map<String, @Nullable Object> envelope = new LinkedHashMap<>();
        envelope.put("specversion", OjsRoutes.VERSION);
        envelope.put("type", type);
        envelope.put("queue", queue);
        envelope.put("args", job.get("args"));
        if (job.get("meta") != null) {
            envelope.put("meta", job.get("meta"));
        }
        Properties properties = Properties.none().withText(Property.CONTENT_TYPE, MEDIA_TYPE)
                .withText(Property.TYPE, type)
                .withOctet(Property.PRIORITY, Math.max(0, priority));
        return new Message("", queue, properties, ByteBuffer.wrap(
                Json.write(envelope).getBytes(StandardCharsets.UTF_8)));
    }

    /** Attributes that only clients need, unknown ones included. */
    private Map<String, @Nullable Object> extra(int priority, long timeoutMs) {
        Map<String, @Nullable Object> extra = new LinkedHashMap<>();
        job.forEach((name, value) -> {
            if (!List.of("id", "type", "queue", "options").contains(String.valueOf(name))) {
                extra.put(String.valueOf(name), value);
            }
        });
        OPTIONS.forEach(name -> {
            if (options.value(name) != null) {
                extra.put(name, options.value(name));
            }
        });
        extra.put("priority", priority);
        if (timeoutMs > 0) {
            extra.put("timeout_ms", timeoutMs);
        }
        return extra;
    }

    private long dueAtMs() {
        return options.text("delay_until").or(() -> options.text("scheduled_at"))
                .or(() -> new JobFields(job).text("scheduled_at"))
                .map(it -> Spans.time("delay_until", it)).orElse(0L);
    }

    private RetryPolicy retry() {
        RetryPolicy usual = RetryPolicy.USUAL;
        Object value = options.value("retry") == null
                ? options.value("retry_policy")
                : options.value("retry");
        if (value == null) {
            return usual;
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw Problem.invalid("'retry' is an object");
        }
        JobFields retry = new JobFields(map);
        double factor = retry.value("backoff_coefficient") instanceof BigDecimal number
                ? number.doubleValue()
                : usual.factor();
        int attempts = retry.number("max_attempts", 0, RetryPolicy.MOST_ATTEMPTS)
                .orElse(usual.attempts());
        return new RetryPolicy(Math.max(1, attempts),
                spanMs(retry, "initial_interval", usual.firstDelayMs()), factor,
                spanMs(retry, "max_interval", usual.maxDelayMs()),
                retry.flag("jitter").orElse(usual.jitter()));
    }

    /** A span as ISO 8601, or in milliseconds in a field whose name ends so. */
    private static long spanMs(JobFields fields, String name, long otherwise) {
        return fields.text(name).map(it -> Spans.span(name, it).toMillis())
                .or(() -> fields.number(name + "_ms", 0, Integer.MAX_VALUE).map(Long::valueOf))
                .orElse(otherwise);
    }

    /** The hash of the dimensions that make a job unique among unfinished ones. */
    private String unique(String type, String queue) {
        if (options.value("unique") == null) {
            return "";
        }
        if (!(options.value("unique") instanceof Map<?, ?> map)) {
            throw Problem.invalid("'unique' is an object");
        }
        Object keys = map.get("keys");
        StringBuilder key = new StringBuilder("ojs");
        List<?> dimensions = keys instanceof List<?> list ? list : List.of("type", "queue", "args");
        for (Object dimension : dimensions) {
            key.append('\n').append(switch (String.valueOf(dimension)) {
                case "type" -> type;
                case "queue" -> queue;
                case "args" -> Json.write(job.get("args"));
                case "meta" -> Json.write(job.get("meta"));
                default -> throw Problem.invalid("jobs are unique by type, queue, args or meta");
            });
        }
        return "ojs " + JobIds.hash(key.toString().getBytes(StandardCharsets.UTF_8));
    }
}
