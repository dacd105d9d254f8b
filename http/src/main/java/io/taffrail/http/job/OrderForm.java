package io.taffrail.http.job;

import io.taffrail.broker.job.JobIds;
import io.taffrail.broker.job.JobOrder;
import io.taffrail.broker.job.JobTerms;
import io.taffrail.broker.job.RetryPolicy;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.http.route.HttpCall;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The job that a request orders: its body is the message, its query the terms. A CloudEvent (HTTP
 * binding 1.0) in structured mode stays as it is, one in binary mode keeps its attributes as
 * headers; its type is that of the job.
 */
final class OrderForm {

    /** Names of the query. */
    static final Set<String> NAMES = Set.of("vhost", "type", "delay", "at", "attempts", "backoff",
            "backoff-factor", "backoff-max", "timeout", "priority", "unique");

    private static final String CLOUD_EVENTS = "application/cloudevents";
    private static final List<String> ATTRIBUTES = List.of("id", "source", "type", "specversion",
            "subject", "time", "dataschema");
    private static final int MAX_SHORT_BYTES = 255;

    private final HttpCall call;
    private final String queue;
    private final long nowMs;

    OrderForm(HttpCall call, String queue, long nowMs) {
        this.call = call;
        this.queue = queue;
        this.nowMs = nowMs;
    }

    /**
     * Reads the request.
     *
     * @throws io.taffrail.http.route.HttpProblem
     *             if it is not well-formed
     */
    JobOrder read() {
        for (String name : call.queries().keySet()) {
            if (!NAMES.contains(name)) {
                throw Problem.invalid("there is no parameter '" + name + "'; there are "
                        + String.join(", ", NAMES.stream().sorted().toList()));
            }
        }
        Map<String, FieldValue> headers = new LinkedHashMap<>();
        Optional<String> eventType = event(headers);
        String type = call.query("type").or(() -> eventType).orElse("");
        Properties properties = properties(type, headers);
        JobTerms terms = terms(type);
        return new JobOrder(Optional.empty(), terms,
                new Message("", queue, properties, ByteBuffer.wrap(call.body())), dueAtMs());
    }

    private JobTerms terms(String type) {
        Optional<String> key = call.header("idempotency-key").map(OrderForm::unquoted);
        if (key.isPresent() && (key.get().isEmpty()
                || key.get().length() > JobTerms.MAX_KEY_CHARS)) {
            throw Problem.invalid("an idempotency key has 1 to " + JobTerms.MAX_KEY_CHARS
                    + " characters");
        }
        UUID hash = key.map(it -> JobIds.hash(bytes(call.user().name()), bytes(queue), bytes(it)))
                .orElse(null);
        return new JobTerms(queue, type, retry(),
                call.query("timeout").map(it -> Spans.span("timeout", it).toMillis()).orElse(0L),
                call.query("unique").map(it -> queue + "\n" + it).orElse(""), hash,
                hash == null ? null : fingerprint(), "");
    }

    /** A structured field (RFC 9651) is quoted; other clients send the key as it is. */
    private static String unquoted(String key) {
        String text = key.strip();
        return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
    }

    private UUID fingerprint() {
        return JobIds.hash(call.body(), bytes(call.header("content-type").orElse("")),
                bytes(new TreeMap<>(call.queries()).toString()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private RetryPolicy retry() {
        RetryPolicy usual = RetryPolicy.USUAL;
        Optional<Duration> first = call.query("backoff").map(it -> Spans.span("backoff", it));
        Optional<Duration> most = call.query("backoff-max")
                .map(it -> Spans.span("backoff-max", it));
        double factor;
        try {
            factor = Double.parseDouble(call.query("backoff-factor")
                    .orElse(String.valueOf(usual.factor())));
        } catch (NumberFormatException _) {
            throw Problem.invalid("'backoff-factor' is a number");
        }
        return new RetryPolicy(number("attempts", usual.attempts(), RetryPolicy.MOST_ATTEMPTS),
                first.map(Duration::toMillis).orElse(usual.firstDelayMs()), factor,
                most.map(Duration::toMillis).orElse(usual.maxDelayMs()), usual.jitter());
    }

    private int number(String name, int otherwise, int most) {
        Optional<String> text = call.query(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text.get());
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Refused below.
        }
        throw Problem.invalid("'" + name + "' is a whole number from 0 to " + most + ", not '"
                + text.get() + "'");
    }

    private long dueAtMs() {
        Optional<Duration> delay = call.query("delay").map(it -> Spans.span("delay", it));
        Optional<Long> time = call.query("at").map(it -> Spans.time("at", it));
        if (delay.isPresent() && time.isPresent()) {
            throw Problem.invalid("'delay' and 'at' exclude each other");
        }
        if (delay.isPresent() && delay.get().compareTo(Duration.ofDays(3650)) > 0) {
            throw Problem.invalid("a delay is at most 3650 days");
        }
        return delay.map(it -> nowMs + it.toMillis()).or(() -> time).orElse(0L);
    }

    private Properties properties(String type, Map<String, FieldValue> headers) {
        Properties properties = Properties.none();
        String contentType = call.header("content-type").orElse("application/octet-stream");
        properties = withText(properties, Property.CONTENT_TYPE, "content-type", contentType);
        Optional<String> encoding = call.header("content-encoding");
        if (encoding.isPresent()) {
            properties = withText(properties, Property.CONTENT_ENCODING, "content-encoding",
                    encoding.get());
        }
        if (!type.isEmpty()) {
            properties = withText(properties, Property.TYPE, "type", type);
        }
        if (call.queries().containsKey("priority")) {
            properties = properties.withOctet(Property.PRIORITY, number("priority", 0, 255));
        }
        return headers.isEmpty() ? properties : properties.withHeaders(FieldTable.of(headers));
    }

    private static Properties withText(Properties properties, Property property, String name,
            String text) {
        if (bytes(text).length > MAX_SHORT_BYTES) {
            throw Problem.invalid("'" + name + "' has at most " + MAX_SHORT_BYTES + " bytes");
        }
        return properties.withText(property, text);
    }

    /** Checks a CloudEvent, and adds its attributes as headers; its type, if the body is one. */
    private Optional<String> event(Map<String, FieldValue> headers) {
        if (call.header("content-type").orElse("").startsWith(CLOUD_EVENTS)) {
            Map<?, ?> event = JobFields.object(call.body());
            ATTRIBUTES.forEach(name -> {
                if (event.get(name) instanceof String text) {
                    headers.put("ce_" + name, new FieldValue.Text(text));
                } else if (event.get(name) != null) {
                    throw Problem.invalid("the attribute '" + name
                            + "' of a CloudEvent is a text");
                }
            });
            return checked(headers);
        }
        if (call.header("ce-specversion").isEmpty()) {
            return Optional.empty();
        }
        ATTRIBUTES.forEach(name -> call.header("ce-" + name)
                .ifPresent(text -> headers.put("ce_" + name, new FieldValue.Text(text))));
        return checked(headers);
    }

    private static Optional<String> checked(Map<String, FieldValue> headers) {
        for (String name : List.of("id", "source", "type", "specversion")) {
            if (!(headers.get("ce_" + name) instanceof FieldValue.Text(String text))
                    || text.isEmpty()) {
                throw Problem.invalid("a CloudEvent has the attribute '" + name + "'");
            }
        }
        if (!new FieldValue.Text("1.0").equals(headers.get("ce_specversion"))) {
            throw Problem.invalid("the version of a CloudEvent is 1.0");
        }
        return headers.get("ce_type") instanceof FieldValue.Text(String type)
                ? Optional.of(type)
                : Optional.empty();
    }
}
