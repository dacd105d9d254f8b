package io.taffrail.broker.outbox;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.batch.RecordView;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A batch of messages for a log of another owner. In the outbox it is a batch of one record, format
 * 1:
 *
 * <pre>
 * key    u8 1 | id of the destination's log, ASCII
 * value  the batch, as the destination appends it
 * </pre>
 *
 * @param batch
 *            position to limit
 */
record OutboxEntry(LogId to, ByteBuffer batch) {

    private static final byte KIND = 1;

    /** Upper bound of the bytes besides the batch and the id. */
    private static final int OVERHEAD_BYTES = 128;

    /** Encodes the entry as a batch for the outbox; the entry's own buffer is not changed. */
    ByteBuffer encode(long nowMs) {
        byte[] id = to.value().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer key = ByteBuffer.allocate(1 + id.length).put(KIND).put(id).flip();
        return new BatchBuilder(
                Math.addExact(batch.remaining(), OVERHEAD_BYTES + key.remaining()))
                .add(nowMs, key, batch.duplicate(), List.of()).build();
    }

    /**
     * Decodes an entry; its buffer shares the memory of the record.
     *
     * @throws LogFailedException
     *             if the record is not an entry
     */
    static OutboxEntry decode(LogId outbox, RecordView record) {
        ByteBuffer key = record.key();
        ByteBuffer batch = record.value();
        if (key == null || batch == null || !key.hasRemaining()
                || key.get(key.position()) != KIND) {
            throw new LogFailedException("the outbox " + outbox + " holds at " + record.offset()
                    + " what this version cannot read");
        }
        byte[] id = new byte[key.remaining() - 1];
        key.get(key.position() + 1, id);
        return new OutboxEntry(new LogId(new String(id, StandardCharsets.US_ASCII)), batch);
    }
}
