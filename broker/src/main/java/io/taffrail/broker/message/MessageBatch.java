package io.taffrail.broker.message;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.Varints;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An encoder of messages for one log, into one record batch of format v2. Each message is one
 * record:
 *
 * <pre>
 * key       routing key, null if empty
 * value     body
 * timestamp when the broker received it
 * headers   "amqp": u8 length, exchange | property section      always the first
 *           properties in a form for other clients              see {@link ReadableHeaders}
 * </pre>
 *
 * Owner thread only.
 */
public final class MessageBatch {

    /** Name of the header that marks a record as a message. */
    static final String ENVELOPE = "amqp";

    private static final byte[] ENVELOPE_NAME = ENVELOPE.getBytes(StandardCharsets.US_ASCII);
    private static final int INITIAL_BYTES = 512;

    private final ReadableHeaders readable = new ReadableHeaders();
    private ByteBuffer out = ByteBuffer.allocate(0);
    private int count;
    private long baseTimestampMs;
    private long maxTimestampMs;
    private String lastExchange = "";
    private byte[] exchangeBytes = new byte[0];
    private String lastKey = "";
    private byte[] keyBytes = new byte[0];

    public boolean isEmpty() {
        return count == 0;
    }

    /** Number of messages in the batch. */
    public int count() {
        return count;
    }

    /** Size of the batch so far, in bytes. */
    public int sizeBytes() {
        return count == 0 ? 0 : out.position();
    }

    /** Adds a message; its buffers are read, and not retained. */
    public void add(Message message, long nowMs) {
        if (count == 0) {
            begin(nowMs);
        }
        int before = out.position();
        try {
            append(message, nowMs);
        } catch (RuntimeException e) {
            out.position(before); // Keeps the earlier messages.
            throw e;
        }
    }

    private void append(Message message, long nowMs) {
        encodeNames(message);
        ByteBuffer section = message.properties().section();
        ByteBuffer body = message.body();
        readable.collect(message.properties());
        int envelope = 1 + exchangeBytes.length + section.remaining();
        int keyLength = keyBytes.length == 0 ? -1 : keyBytes.length;
        int headers = 1 + readable.count();
        long timestampDelta = nowMs - baseTimestampMs;
        int length = 1 + Varints.sizeOf(timestampDelta) + Varints.sizeOf(count)
                + Varints.sizeOf(keyLength) + keyBytes.length
                + Varints.sizeOf(body.remaining()) + body.remaining()
                + Varints.sizeOf(headers) + 1 + ENVELOPE_NAME.length
                + Varints.sizeOf(envelope) + envelope + readable.sizeBytes();
        ensure(Math.addExact(length, Varints.sizeOf(length)));
        Varints.write(out, length);
        out.put((byte) 0);
        Varints.write(out, timestampDelta);
        Varints.write(out, count);
        Varints.write(out, keyLength);
        out.put(keyBytes);
        Varints.write(out, body.remaining());
        copy(body);
        Varints.write(out, headers);
        Varints.write(out, ENVELOPE_NAME.length);
        out.put(ENVELOPE_NAME);
        Varints.write(out, envelope);
        out.put((byte) exchangeBytes.length).put(exchangeBytes);
        copy(section);
        readable.write(out);
        count++;
        maxTimestampMs = Math.max(maxTimestampMs, nowMs);
    }

    private void begin(long nowMs) {
        if (out.capacity() == 0) {
            out = ByteBuffer.allocate(INITIAL_BYTES);
        }
        out.clear().position(BatchHeader.SIZE_BYTES);
        baseTimestampMs = nowMs;
        maxTimestampMs = nowMs;
    }

    private void encodeNames(Message message) {
        if (!lastExchange.equals(message.exchange())) {
            lastExchange = message.exchange();
            exchangeBytes = shortBytes(lastExchange);
        }
        if (!lastKey.equals(message.routingKey())) {
            lastKey = message.routingKey();
            keyBytes = shortBytes(lastKey);
        }
    }

    /** Cuts a name to 255 bytes: that of a foreign record may have become longer as text. */
    private static byte[] shortBytes(String name) {
        byte[] bytes = ByteText.bytes(name);
        return bytes.length <= ForeignRecord.SHORT_BYTES
                ? bytes
                : Arrays.copyOf(bytes, ForeignRecord.SHORT_BYTES);
    }

    private void copy(ByteBuffer from) {
        int length = from.remaining();
        out.put(out.position(), from, from.position(), length).position(out.position() + length);
    }

    private void ensure(int bytes) {
        if (bytes > out.remaining()) {
            int needed = Math.addExact(out.position(), bytes);
            long doubled = Math.min(out.capacity() * 2L, Integer.MAX_VALUE - 8);
            out = ByteBuffer.allocate((int) Math.max(needed, doubled)).put(out.flip());
        }
    }

    /** Ends the batch and begins an empty one. The returned buffer belongs to the caller. */
    public ByteBuffer take() {
        ByteBuffer batch = out.flip();
        BatchHeader.writePlain(batch, count, baseTimestampMs, maxTimestampMs);
        out = ByteBuffer.allocate(0);
        count = 0;
        return batch;
    }
}
