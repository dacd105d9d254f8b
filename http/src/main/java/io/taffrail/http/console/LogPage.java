package io.taffrail.http.console;

import io.taffrail.broker.message.RecordCursor;
import io.taffrail.broker.turn.LogReplay;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.spi.LogSlice;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.ReadableLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A page of messages read from a log without taking them. A page ends with its number of messages,
 * or when {@value #MOST_BYTES} bytes or {@value #MOST_MS} ms were spent on messages that a filter
 * leaves out; the next page begins at {@link #next}. Aborted transactions are left out. Used by one
 * thread, which may block.
 */
final class LogPage {

    static final int MOST_BYTES = 64 << 20;
    static final long MOST_MS = 2000;
    private static final int READ_BYTES = 1 << 20;
    private static final int MOST_ABORTED = 10_000;

    private final ReadableLog log;
    private final List<Map<String, @Nullable Object>> messages = new ArrayList<>();
    private final List<String> gaps = new ArrayList<>();
    private final RecordCursor cursor = new RecordCursor();
    private final long end;
    private long next;
    private long scannedMessages;
    private long scannedBytes;

    /**
     * @param from
     *            lowest offset to show; moved up to the log's start
     */
    LogPage(ReadableLog log, long from) {
        this.log = log;
        this.end = log.lastStableOffset();
        this.next = Math.max(from, log.startOffset());
    }

    /**
     * Reads the page.
     *
     * @param wanted
     *            decides about each message; called before it is converted
     */
    void read(int most, Predicate<RecordCursor> wanted, MessageForm form) {
        long beganNs = System.nanoTime();
        while (next < end && messages.size() < most && scannedBytes < MOST_BYTES
                && (System.nanoTime() - beganNs) / 1_000_000 < MOST_MS) {
            readOn(most, wanted, form);
        }
    }

    private void readOn(int most, Predicate<RecordCursor> wanted, MessageForm form) {
        next = Math.max(next, log.startOffset());
        ByteBuffer batches;
        try {
            batches = LogReplay.batches(log, next, READ_BYTES);
        } catch (LogFailedException e) {
            if (!isDamaged()) {
                throw e;
            }
            return;
        }
        scannedBytes += batches.remaining();
        cursor.skip(log.abortedTransactions(next, end, MOST_ABORTED));
        cursor.open(batches);
        long before = next;
        while (cursor.next(next)) {
            if (cursor.offset() >= end) {
                next = end;
                return;
            }
            next = cursor.offset() + 1;
            scannedMessages++;
            if (wanted.test(cursor)) {
                messages.add(form.object(cursor, cursor.offset()));
                if (messages.size() == most) {
                    return;
                }
            }
        }
        next = Math.max(next, Math.min(end, cursor.nextOffset()));
        if (next == before) {
            next = end;
        }
    }

    /** Whether the next offset is damaged, in which case the page goes on behind the damage. */
    private boolean isDamaged() {
        return switch (log.readVerified(next)) {
            case ReadResult.Damaged damaged -> {
                gaps.add(damaged.offset() + " to " + (damaged.nextOffset() - 1));
                next = damaged.nextOffset();
                yield true;
            }
            case ReadResult.Batches(LogSlice slice) -> {
                slice.close();
                yield false;
            }
            case ReadResult.OutOfRange _,ReadResult.Unreadable _ -> false;
        };
    }

    /** The messages of the page, to which a caller may add fields. */
    List<Map<String, @Nullable Object>> messages() {
        return messages;
    }

    Map<String, @Nullable Object> object() {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("start", log.startOffset());
        object.put("end", end);
        object.put("next", next);
        object.put("complete", next >= end);
        object.put("scanned_messages", scannedMessages);
        object.put("scanned_bytes", scannedBytes);
        object.put("gaps", gaps);
        object.put("messages", messages);
        return object;
    }
}
