package io.taffrail.broker.job;

import io.taffrail.broker.job.JobStatus.Outcome;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.batch.RecordView;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The form of a job in its log. A record has the job's id as its key and its state as JSON for
 * readers as its value ({@link JobJson}); the broker reads the headers only:
 *
 * <pre>
 * job      u8 1 | state u8 | flags u8 | attempt, run, version i32 | created, changed, due, started i64
 *           | worker t | terms | percent i32 | note t | result type t | reason t | error t
 *          terms: queue t | type t | attempts i32 | first i64 | factor f64 | max i64 | time-out i64
 *           | unique key t | extra t | idempotency 2 i64 | fingerprint 2 i64    (the last two by flags)
 * result   the result, if there is one
 * message  u8 1 | exchange t | routing key t | u32 length, properties | body
 *                                             (t: i32 length, UTF-8)
 * </pre>
 *
 * Pure functions.
 */
final class JobCodec {

    private static final int VERSION = 1;
    private static final int IN_QUEUE = 1;
    private static final int JITTER = 2;
    private static final int IDEMPOTENCY = 4;

    static final String STATUS = "job";
    static final String RESULT = "result";
    static final String MESSAGE = "message";

    /**
     * A record of a job.
     *
     * @param message
     *            the message, of a job that is in no queue
     */
    record Stored(JobStatus status, Optional<Message> message) {}

    private JobCodec() {}

    /** The headers of a record. */
    static List<RecordView.Header> headers(JobStatus status, @Nullable Message message) {
        List<RecordView.Header> headers = new ArrayList<>(3);
        headers.add(new RecordView.Header(STATUS, ByteBuffer.wrap(bytes(out -> put(status, out)))));
        if (!status.outcome().resultType().isEmpty()) {
            headers.add(new RecordView.Header(RESULT, ByteBuffer.wrap(status.outcome().result())));
        }
        if (message != null) {
            headers.add(new RecordView.Header(MESSAGE,
                    ByteBuffer.wrap(bytes(out -> put(message, out)))));
        }
        return headers;
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private static byte[] bytes(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            writing.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void put(JobStatus status, DataOutputStream out) throws IOException {
        JobTerms terms = status.terms();
        out.writeByte(VERSION);
        out.writeByte(status.state().code());
        out.writeByte((status.inQueue() ? IN_QUEUE : 0) | (terms.retry().jitter() ? JITTER : 0)
                | (terms.idempotency() == null ? 0 : IDEMPOTENCY));
        out.writeInt(status.attempt());
        out.writeInt(status.run());
        out.writeInt(status.version());
        out.writeLong(status.createdMs());
        out.writeLong(status.changedMs());
        out.writeLong(status.dueMs());
        out.writeLong(status.startedMs());
        text(status.worker(), out);
        put(terms, out);
        Outcome outcome = status.outcome();
        out.writeInt(outcome.percent());
        text(outcome.note(), out);
        text(outcome.resultType(), out);
        text(outcome.reason(), out);
        text(outcome.error(), out);
    }

    private static void put(JobTerms terms, DataOutputStream out) throws IOException {
        text(terms.queue(), out);
        text(terms.type(), out);
        out.writeInt(terms.retry().attempts());
        out.writeLong(terms.retry().firstDelayMs());
        out.writeDouble(terms.retry().factor());
        out.writeLong(terms.retry().maxDelayMs());
        out.writeLong(terms.timeoutMs());
        text(terms.uniqueKey(), out);
        text(terms.extra(), out);
        UUID key = terms.idempotency();
        if (key != null) {
            uuid(key, out);
            UUID print = terms.fingerprint();
            uuid(print == null ? key : print, out);
        }
    }

    private static void put(Message message, DataOutputStream out) throws IOException {
        out.writeByte(VERSION);
        text(message.exchange(), out);
        text(message.routingKey(), out);
        byte[] section = copy(message.properties().section());
        out.writeInt(section.length);
        out.write(section);
        out.write(copy(message.body()));
    }

    private static byte[] copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }

    private static void text(String text, DataOutputStream out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static void uuid(UUID id, DataOutputStream out) throws IOException {
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
    }

    /**
     * Reads a record; empty if it is not one of the broker's own.
     *
     * @throws LogFailedException
     *             if this version cannot read it
     */
    static Optional<Stored> read(UUID id, List<RecordView.Header> headers) {
        byte[] result = header(RESULT, headers).orElse(new byte[0]);
        return header(STATUS, headers).map(bytes -> {
            try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
                JobStatus status = status(id, in, result);
                Optional<byte[]> message = header(MESSAGE, headers);
                return new Stored(status, message.isEmpty()
                        ? Optional.empty()
                        : Optional.of(message(message.get())));
            } catch (IOException e) {
                throw new LogFailedException("the record of job " + id + " is cut short", e);
            }
        });
    }

    private static Optional<byte[]> header(String name, List<RecordView.Header> headers) {
        for (RecordView.Header header : headers) {
            ByteBuffer value = header.value();
            if (value != null && header.name().equals(name)) {
                return Optional.of(copy(value));
            }
        }
        return Optional.empty();
    }

    private static void checkVersion(int version) {
        if (version != VERSION) {
            throw new LogFailedException("a job has the form " + version
                    + ", which this version cannot read");
        }
    }

    private static JobStatus status(UUID id, DataInputStream in, byte[] result)
            throws IOException {
        checkVersion(in.readUnsignedByte());
        JobState state = JobState.of(in.readUnsignedByte());
        int flags = in.readUnsignedByte();
        int attempt = in.readInt();
        int run = in.readInt();
        int version = in.readInt();
        long createdMs = in.readLong();
        long changedMs = in.readLong();
        long dueMs = in.readLong();
        long startedMs = in.readLong();
        String worker = text(in);
        JobTerms terms = terms(in, flags);
        Outcome outcome = new Outcome(in.readInt(), text(in), text(in), result, text(in), text(in));
        return new JobStatus(id, terms, state, attempt, run, createdMs, changedMs, dueMs,
                startedMs, worker, outcome, (flags & IN_QUEUE) != 0, version);
    }

    private static JobTerms terms(DataInputStream in, int flags) throws IOException {
        String queue = text(in);
        String type = text(in);
        RetryPolicy retry = new RetryPolicy(in.readInt(), in.readLong(), in.readDouble(),
                in.readLong(), (flags & JITTER) != 0);
        long timeoutMs = in.readLong();
        String uniqueKey = text(in);
        String extra = text(in);
        boolean hasKey = (flags & IDEMPOTENCY) != 0;
        return new JobTerms(queue, type, retry, timeoutMs, uniqueKey, hasKey ? uuid(in) : null,
                hasKey ? uuid(in) : null, extra);
    }

    private static Message message(byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            checkVersion(in.readUnsignedByte());
            String exchange = text(in);
            String key = text(in);
            byte[] section = in.readNBytes(in.readInt());
            return new Message(exchange, key, Properties.of(ByteBuffer.wrap(section)),
                    ByteBuffer.wrap(in.readAllBytes()));
        }
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }

    private static UUID uuid(DataInputStream in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }
}
