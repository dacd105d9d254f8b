package io.taffrail.broker.job;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** The value of a job's record, for readers of the topic: its state as a JSON object. */
final class JobJson {

    private final StringBuilder out = new StringBuilder(256);

    private JobJson() {}

    static ByteBuffer of(JobStatus status) {
        JobJson json = new JobJson();
        json.out.append('{');
        json.text("id", status.id().toString());
        json.text("queue", status.terms().queue());
        json.text("type", status.terms().type());
        json.text("state", status.state().text());
        json.number("attempt", status.attempt());
        json.number("attempts", status.terms().retry().attempts());
        json.time("created", status.createdMs());
        json.time("changed", status.changedMs());
        json.time("due", status.state().isWaiting() ? status.dueMs() : 0);
        json.time("started", status.startedMs());
        json.text("worker", status.worker());
        json.number("progress", status.outcome().percent());
        json.text("note", status.outcome().note());
        json.text("resultType", status.outcome().resultType());
        json.text("reason", status.outcome().reason());
        return ByteBuffer.wrap(json.out.append('}').toString().getBytes(StandardCharsets.UTF_8));
    }

    private void name(String name) {
        if (out.length() > 1) {
            out.append(',');
        }
        out.append('"').append(name).append("\":");
    }

    private void number(String name, long value) {
        name(name);
        out.append(value);
    }

    private void time(String name, long ms) {
        if (ms != 0) {
            name(name);
            out.append('"').append(Instant.ofEpochMilli(ms)).append('"');
        }
    }

    private void text(String name, String value) {
        if (value.isEmpty()) {
            return;
        }
        name(name);
        out.append('"');
        for (int at = 0; at < value.length(); at++) {
            char each = value.charAt(at);
            if (each == '"' || each == '\\') {
                out.append('\\').append(each);
            } else if (each < ' ' || Character.isSurrogate(each)) {
                out.append(String.format("\\u%04x", (int) each));
            } else {
                out.append(each);
            }
        }
        out.append('"');
    }
}
