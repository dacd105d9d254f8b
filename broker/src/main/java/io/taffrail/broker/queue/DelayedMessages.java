package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.CursorLog;
import io.taffrail.broker.cursor.CursorLog.FailureListener;
import io.taffrail.broker.message.ByteText;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.RecordCursor;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.schedule.DueIndex;
import io.taffrail.broker.turn.Turn;
import io.taffrail.broker.turn.TurnListener;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.Registration;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The delayed messages of a virtual host: a log with a cursor, and a time index in memory that a
 * start builds from the log ({@link DueIndex}). A message is due {@code x-delay} milliseconds after
 * it was published. It is then published to its exchange in one commit with its settlement;
 * {@code x-delay} is negated as in RabbitMQ's community plugin. Owner thread only.
 */
public final class DelayedMessages {

    /** Header with the delay in milliseconds. */
    public static final String DELAY = "x-delay";
    private static final Pattern WHOLE_NUMBER = Pattern.compile("[+-]?[0-9]{1,64}");
    private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

    /** Longest delay in milliseconds, as in the plugin; longer ones are cut to it. */
    private static final long MAX_DELAY_MS = 0xFFFFFFFFL;

    /** A run ends, to go on later, after this many messages that could not be released. */
    private static final int MAX_REFUSALS = 32;

    /** Receiver of messages that are due. */
    public interface Sink {
        /**
         * Publishes the message to its exchange; false if it has to wait longer.
         *
         * @param number
         *            identifies the message for {@link #retry}
         * @param placed
         *            names of the queues that have the message from an attempt before
         */
        boolean due(Message message, long number, Set<String> placed);
    }

    /**
     * A delayed message.
     *
     * @param number
     *            identifies the message for {@link #cancel}: its offset in the log
     * @param dueAtMs
     *            milliseconds since 1970
     */
    public record Pending(long number, long dueAtMs, String exchange, String routingKey,
            int bodyBytes) {}

    private final QueueContext context;
    private final Sink sink;
    private final MessageLog messages;
    private final CursorLog cursor;
    private final LostRanges lost;
    private final ReadWindow ahead;
    private final ReadWindow due;
    private final Space space;
    private final Registration durableEnd;
    private final DueIndex index = new DueIndex();
    /** The queues that have a message, by its offset, where another queue failed as it took it. */
    private final Map<Long, Set<String>> parted = new HashMap<>(0);
    /** Messages to be tried again before those that are due; each was tried already. */
    private final Deque<Long> sooner = new ArrayDeque<>(0);
    private long indexed;
    /** Index entries of messages that were cancelled. */
    private int cancelled;
    private long timerAtMs;
    private @Nullable Throwable failure;
    private boolean failedItself;
    private FailureListener onFailed = (_, _) -> {};
    private @Nullable Registration timer;
    private boolean awaitingTurn;
    /** Completes when all messages stored before the start are in the index. */
    private final CompletableFuture<Void> loaded = new CompletableFuture<>();
    private boolean catchingUp;
    private boolean closed;

    private DelayedMessages(QueueLogs logs, QueueContext context, Sink sink) {
        this.context = context;
        this.sink = sink;
        this.messages = new MessageLog(logs.messages(), context.turn(), (_, _) -> {});
        messages.onFailed(this::failed);
        this.cursor = logs.cursor();
        cursor.onFailed(this::failed);
        this.lost = new LostRanges(logs.messages().id());
        this.ahead = new ReadWindow(logs.messages(), lost);
        this.due = new ReadWindow(logs.messages(), lost);
        this.space = new Space(logs.messages(), cursor, context.clock(), OptionalLong.empty());
        this.indexed = cursor.cursor().floor();
        this.durableEnd = logs.messages()
                .onDurableEnd(_ -> Guard.run(this::advanced, this::failed));
        cursor.onDurable(this::reclaim);
        advanced();
    }

    /**
     * Opens the delayed messages and reads in steps when each is due. None is released before all
     * are known, because they go in time order. Completes on the owner's thread.
     */
    public static CompletableFuture<DelayedMessages> opening(QueueLogs logs, QueueContext context,
            Sink sink) {
        DelayedMessages opened = new DelayedMessages(logs, context, sink);
        return opened.loaded.thenApply(_ -> opened).whenComplete((_, cause) -> {
            if (cause != null) {
                opened.close();
            }
        });
    }

    private void reclaim() {
        if (loaded.isDone()) {
            space.reclaim(index.size() == 0);
        }
    }

    /** Sets the listener for a state in doubt: no message is delayed or released any more. */
    public void onFailed(FailureListener listener) {
        onFailed = listener;
        if (failure != null) {
            listener.failed(failure, failedItself);
        }
    }

    private void failed(Throwable cause) {
        failed(cause, true);
    }

    private void failed(Throwable cause, boolean own) {
        if (failure == null) {
            failure = cause;
            failedItself = own;
            context.turn().spoil(cursor, cause);
            ahead.close();
            due.close();
            loaded.completeExceptionally(cause);
            onFailed.failed(cause, own);
        }
    }

    /** Whether the state is in doubt: the delayed messages have to be reopened. */
    public boolean isFailed() {
        return failure != null;
    }

    /** The delay in milliseconds, cut to the longest possible; 0 if there is none. */
    public static long delayMs(Properties properties) {
        return properties.headers().get(DELAY).flatMap(DelayedMessages::delay)
                .map(ms -> Math.clamp(ms, 0, MAX_DELAY_MS)).orElse(0L);
    }

    /** Any number counts, its fraction cut off, and text that is a whole number. */
    private static Optional<Long> delay(FieldValue value) {
        return switch (value) {
            case FieldValue.Text(String text) when WHOLE_NUMBER.matcher(text).matches() -> Optional
                    .of(new BigInteger(text).min(LARGEST).max(LARGEST.negate()).longValueExact());
            case FieldValue.Float32(float it) -> Optional.of((long) it);
            case FieldValue.Float64(double it) -> Optional.of((long) it);
            default -> value.number();
        };
    }

    /** Takes a message into this turn. */
    public void add(Message message) {
        messages.add(message, context.clock().millis());
    }

    /** Number of durable messages that wait. */
    public long count() {
        return index.size() - cancelled;
    }

    /** Lists at most {@code most} waiting messages by number, beginning with {@code from}. */
    public List<Pending> list(long from, int most) {
        List<Pending> found = new ArrayList<>();
        ReadWindow window = new ReadWindow(messages.log());
        long next = cursor.cursor().nextUnsettled(from);
        while (found.size() < most && window.seek(next) && window.message().offset() < indexed) {
            RecordCursor message = window.message();
            next = cursor.cursor().nextUnsettled(message.offset() + 1);
            if (!cursor.cursor().isSettled(message.offset())) {
                found.add(new Pending(message.offset(), dueAtMs(message),
                        text(message.exchange()), text(message.routingKey()),
                        message.bodyBytes()));
            }
        }
        window.close();
        return found;
    }

    private static long dueAtMs(RecordCursor message) {
        return message.timestampMs() + delayMs(Properties.of(message.properties()));
    }

    private static String text(ByteBuffer bytes) {
        return ByteText.of(bytes);
    }

    /** Drops a waiting message; false if no message of this number waits. */
    public boolean cancel(long number) {
        if (number < 0 || number >= indexed || cursor.cursor().isSettled(number)) {
            return false;
        }
        cursor.settle(number, number + 1);
        cancelled++;
        return true;
    }

    /** Tries a message again that had to wait. */
    public void retry(long number) {
        if (failure == null && !closed) {
            sooner.add(number);
            ring();
        }
    }

    private void advanced() {
        if (failure != null || catchingUp) {
            return;
        }
        catchingUp = true;
        var _ = context.steps().work(this::catchUp).whenComplete((_, cause) -> {
            catchingUp = false;
            if (cause != null) {
                failed(cause);
            }
        });
    }

    /** Indexes messages that have become durable; true when no more are left. */
    private boolean catchUp(Budget budget) {
        if (failure != null || closed) {
            return true;
        }
        long next = cursor.cursor().nextUnsettled(indexed);
        boolean more = ahead.seek(next);
        while (more && !budget.isSpent()) {
            RecordCursor message = ahead.message();
            indexed = message.offset() + 1;
            if (!cursor.cursor().isSettled(message.offset())) {
                index.add(dueAtMs(message), message.offset(), context.clock().millis());
            }
            budget.spend(message.bodyBytes());
            next = cursor.cursor().nextUnsettled(indexed);
            more = ahead.seek(next);
        }
        ahead.close();
        if (more) {
            return false;
        }
        loaded.complete(null);
        reclaim();
        arm();
        return true;
    }

    private void arm() {
        long nextMs = index.nextMs();
        if (nextMs == Long.MAX_VALUE || (timer != null && timerAtMs <= nextMs)) {
            return;
        }
        if (timer != null) {
            timer.close();
        }
        timerAtMs = nextMs;
        timer = context.timers().after(Math.max(0, timerAtMs - context.clock().millis()), () -> {
            timer = null;
            ring();
        });
    }

    private void ring() {
        Guard.run(this::run, this::failed);
    }

    private void run() {
        if (failure != null || awaitingTurn) {
            return;
        }
        if (context.turn().isRefusing()) {
            runLater();
            return;
        }
        long nowMs = context.clock().millis();
        Budget budget = context.steps().direct();
        budget.spend(index.open(nowMs, Budget.MAX_COUNT, this::dueMs), 0);
        retrySooner(budget);
        int refusals = 0;
        while (!budget.isSpent() && !context.turn().isFull() && index.isDue(nowMs)
                && refusals < MAX_REFUSALS) {
            long offset = index.removeFirst();
            budget.spend(1, 0);
            if (cursor.cursor().isSettled(offset)) {
                cancelled--;
            } else if (!isLost(offset)) {
                // A damaged message stays unsettled, and is read again at the next start.
                refusals += send(offset, nowMs);
            }
        }
        due.close();
        if (refusals == MAX_REFUSALS) {
            runLater();
        } else if (!sooner.isEmpty() || index.isDue(nowMs)) {
            runAfterTurn();
        } else {
            arm();
        }
    }

    private void retrySooner(Budget budget) {
        while (!sooner.isEmpty() && !budget.isSpent() && !context.turn().isFull()) {
            long offset = sooner.remove();
            budget.spend(1, 0);
            if (!cursor.cursor().isSettled(offset) && isReadable(offset) && goes(offset)) {
                cursor.settle(offset, offset + 1);
                cancelled++; // Its entry in the index is still there.
            }
        }
    }

    /** Goes on when the messages released so far are durable: at most one turn is in flight. */
    private void runAfterTurn() {
        awaitingTurn = true;
        context.turn().listen(new TurnListener() {
            @Override
            public void durable() {
                awaitingTurn = false;
                ring();
            }

            @Override
            public void failed(String detail) {
                durable();
            }
        });
    }

    /** Releases a message; 1 if it has to wait longer, else 0. */
    private int send(long offset, long nowMs) {
        if (goes(offset)) {
            cursor.settle(offset, offset + 1);
            return 0;
        }
        index.add(nowMs + Turn.AGAIN_MS, offset, nowMs);
        return 1;
    }

    private void runLater() {
        if (timer != null) {
            timer.close();
        }
        timerAtMs = context.clock().millis() + Turn.AGAIN_MS;
        timer = context.timers().after(Turn.AGAIN_MS, () -> {
            timer = null;
            ring();
        });
    }

    private boolean isLost(long offset) {
        return !isReadable(offset) && lost.contains(offset);
    }

    private boolean isReadable(long offset) {
        return due.seek(offset) && due.message().offset() == offset;
    }

    /** Publishes a message to its exchange; false if it has to wait longer. */
    private boolean goes(long offset) {
        if (!isReadable(offset)) {
            return true;
        }
        Message message = released(due.message());
        boolean[] gone = new boolean[1];
        Set<String> before = parted.remove(offset);
        Set<String> placed = before == null ? new HashSet<>(0) : before;
        context.turn().move(cursor, () -> gone[0] = sink.due(message, offset, placed));
        if (!gone[0] && !placed.isEmpty()) {
            parted.put(offset, placed);
        }
        return gone[0];
    }

    /** Due time of a message, in milliseconds since 1970; -1 if it no longer waits. */
    private long dueMs(long offset) {
        if (cursor.cursor().isSettled(offset)) {
            cancelled--;
            return -1;
        }
        return due.seek(offset) && due.message().offset() == offset
                ? dueAtMs(due.message())
                : context.clock().millis();
    }

    private static Message released(StoredMessage message) {
        Properties properties = Properties.of(message.properties());
        Map<String, FieldValue> headers = new LinkedHashMap<>(properties.headers().entries());
        long delay = delayMs(properties);
        headers.put(DELAY, delay <= Integer.MAX_VALUE
                ? new FieldValue.Int32((int) -delay)
                : new FieldValue.Int64(-delay));
        return new Message(text(message.exchange()), text(message.routingKey()),
                properties.withHeaders(FieldTable.of(headers)), message.body());
    }

    /** Closes the logs; waiting messages are indexed again at the next start. */
    public void close() {
        closed = true;
        durableEnd.close();
        if (timer != null) {
            timer.close();
        }
        ahead.close();
        due.close();
        messages.close();
        cursor.close();
    }
}
