package io.taffrail.broker.outbox;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * The positions of destinations in outboxes: for each pair of outbox and destination, the first
 * offset of the outbox that the destination may not have. They are kept by destination, not by
 * owner, because logs may change owners from one start to the next. Offsets of an outbox only grow,
 * so of two positions for one pair the larger one is right. Not safe for threads.
 *
 * <p>
 * A record in an inbox log, format 1, numbers big-endian:
 *
 * <pre>
 * u8 kind (1 changed positions, 2 all positions) | (UTF outbox | UTF destination | i64 next)*
 * </pre>
 */
final class OutboxPositions {

    static final byte MOVED = 1;
    static final byte ALL = 2;

    /** An outbox and a destination of its messages. */
    record Pair(LogId outbox, LogId destination) {}

    private final Map<Pair, Long> next = new HashMap<>();

    /** First offset that the destination may not have. */
    long next(Pair pair) {
        return next.getOrDefault(pair, 0L);
    }

    /** Records that the destination has all entries below {@code offset}. */
    void advance(Pair pair, long offset) {
        next.merge(pair, offset, Math::max);
    }

    /** Merges other positions into these; the larger one of a pair wins. */
    void merge(OutboxPositions other) {
        other.next.forEach(this::advance);
    }

    int size() {
        return next.size();
    }

    /** Encodes a record with the position of one pair. */
    static ByteBuffer moved(Pair pair, long offset) {
        return encode(MOVED, Map.of(pair, offset));
    }

    /** Encodes a record with all positions, with that of {@code pair} set to {@code offset}. */
    ByteBuffer all(Pair pair, long offset) {
        Map<Pair, Long> all = new HashMap<>(next);
        all.merge(pair, offset, Math::max);
        return encode(ALL, all);
    }

    private static ByteBuffer encode(byte kind, Map<Pair, Long> positions) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 + 100 * positions.size());
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(kind);
            for (Map.Entry<Pair, Long> each : positions.entrySet()) {
                out.writeUTF(each.getKey().outbox().value());
                out.writeUTF(each.getKey().destination().value());
                out.writeLong(each.getValue());
            }
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    /** Applies a record of an inbox log. */
    void apply(LogId inbox, ByteBuffer record) {
        byte[] bytes = new byte[record.remaining()];
        record.get(bytes);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            byte kind = in.readByte();
            if (kind != MOVED && kind != ALL) {
                throw new LogFailedException("the inbox " + inbox + " holds a record of kind "
                        + kind + ", which this version cannot read");
            }
            while (in.available() > 0) {
                Pair pair = new Pair(new LogId(in.readUTF()), new LogId(in.readUTF()));
                advance(pair, in.readLong());
            }
        } catch (IOException e) {
            throw new LogFailedException("the inbox " + inbox + " holds a damaged record", e);
        }
    }
}
