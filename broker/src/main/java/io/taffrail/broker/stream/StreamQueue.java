package io.taffrail.broker.stream;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.queue.AnyQueue;
import io.taffrail.broker.queue.Consumer;
import io.taffrail.broker.queue.ConsumerOptions;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.queue.Getter;
import io.taffrail.broker.queue.LostRanges;
import io.taffrail.broker.queue.Prefetch;
import io.taffrail.broker.queue.QueueContext;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.queue.QueueDepth;
import io.taffrail.broker.queue.QueueFigures;
import io.taffrail.broker.queue.QueueSettings;
import io.taffrail.broker.queue.QueueStatus;
import io.taffrail.broker.queue.QueueType;
import io.taffrail.broker.queue.ReadWindow;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.queue.Subscription;
import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.stream.StreamLog.Way;
import io.taffrail.broker.traffic.MessageCounts;
import io.taffrail.broker.traffic.MessageEvent;
import io.taffrail.log.LogOptions;
import io.taffrail.log.spi.ReadableLog;
import io.taffrail.log.spi.ReadableLog.TimedOffset;
import io.taffrail.log.spi.WritableLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream: a log of messages that every consumer reads by itself. There is no cursor: consumers
 * say where they begin, and retention defines which messages are stored. Owner thread only.
 */
public final class StreamQueue extends AnyQueue {

    private static final Logger LOG = LoggerFactory.getLogger(StreamQueue.class);

    private final QueueDeclaration declaration;
    private QueueSettings settings;
    private final QueueContext context;
    private final String object;
    private final List<StreamConsumer> consumers = new ArrayList<>();
    private StreamLog log;
    /** End of the log as the stream was opened. */
    private final long firstEnd;
    private LostRanges lost;

    /**
     * @param object
     *            the queue as error texts name it
     */
    public StreamQueue(QueueDeclaration declaration, QueueSettings settings, String object,
            StreamLog log, QueueContext context) {
        this.declaration = declaration;
        this.settings = settings;
        this.object = object;
        this.context = context;
        this.log = log;
        this.firstEnd = log.end();
        this.lost = new LostRanges(log.log().id());
        log.onFailed(this::failed);
    }

    @Override
    public void failed(Throwable cause) {
        if (quarantine().isEmpty()) {
            context.failed(this, cause, true);
        }
    }

    @Override
    protected void quarantined() {
        endConsumers();
    }

    private void endConsumers() {
        List<StreamConsumer> ending = List.copyOf(consumers);
        consumers.clear();
        log.unfollow();
        ending.forEach(StreamConsumer::end);
    }

    /** Damaged ranges found by readers so far. */
    LostRanges lost() {
        return lost;
    }

    /** The log that consumers read. */
    public ReadableLog log() {
        return log.log();
    }

    /** Goes on in another log with the same messages. */
    public void moveTo(StreamLog next) {
        log.retire();
        log = next;
        lost = new LostRanges(next.log().id());
        next.onFailed(this::failed);
        if (!consumers.isEmpty()) {
            next.follow(this::advanced);
            List.copyOf(consumers).forEach(StreamConsumer::moved);
        }
    }

    @Override
    public QueueDeclaration declaration() {
        return declaration;
    }

    @Override
    public QueueSettings settings() {
        return settings;
    }

    @Override
    public void apply(QueueSettings next) {
        settings = next;
    }

    /** Applies new retention options, also to stored messages, if the log belongs to the host. */
    public void retain(LogOptions options) {
        log.own().ifPresent(own -> {
            own.reconfigure(options);
            int dropped = own.maintain(context.clock().millis());
            LOG.debug("{} dropped {} segments under its new limits", object, dropped);
        });
    }

    @Override
    public Optional<Session> exclusiveTo() {
        return Optional.empty();
    }

    @Override
    public void status(java.util.function.Consumer<QueueStatus> to) {
        Runnable tell = () -> to.accept(new QueueStatus(name(),
                log().durableEnd() - log().startOffset(), consumers.size()));
        if (quarantine().isPresent()) {
            tell.run();
        } else {
            log.whenReadable(tell);
        }
    }

    @Override
    public QueueDepth depth() {
        return new QueueDepth(log.end() - log().startOffset(), 0);
    }

    /** Published are also the records that other components appended to the log. */
    @Override
    public QueueFigures figures() {
        MessageCounts now = counts().copy();
        now.count(MessageEvent.PUBLISHED, Math.max(0, log.end() - firstEnd));
        return new QueueFigures(now, log().sizeBytes(), 0, 0, false);
    }

    /** Counts messages of this stream, and with all streams. */
    void counted(MessageEvent event) {
        counts().count(event);
        context.traffic().of(QueueType.STREAM).count(event);
    }

    @Override
    public int consumerCount() {
        return consumers.size();
    }

    @Override
    public boolean store(Message message) {
        return add(message, Way.ALONE);
    }

    @Override
    public boolean storeWithOthers(Message message) {
        return add(message, Way.WITH_OTHERS);
    }

    @Override
    public boolean storeMoved(Message message) {
        return add(message, Way.MOVED);
    }

    private boolean add(Message message, Way way) {
        return quarantine().isEmpty() && log.add(message, context.clock().millis(), way);
    }

    @Override
    public boolean hasRoomFor(Message message) {
        return quarantine().isEmpty() && log.takes(message);
    }

    @Override
    public boolean mustWait() {
        return quarantine().isPresent() || log.mustWait();
    }

    @Override
    public boolean isElsewhere() {
        return log.isElsewhere();
    }

    @Override
    public CompletableFuture<Boolean> send(Message message) {
        return log.send(message, context.clock().millis());
    }

    private void advanced() {
        Budget budget = context.steps().direct();
        for (StreamConsumer consumer : List.copyOf(consumers)) {
            consumer.serve(budget);
        }
    }

    @Override
    public Subscription consume(ConsumerOptions options, Consumer consumer) {
        checkUsable();
        check(options);
        StreamStart start = StreamStart.read(options.arguments().get("x-stream-offset"),
                context.clock().millis(), object);
        StreamConsumer added = new StreamConsumer(this, options, consumer, context.steps(),
                position(start));
        consumers.add(added);
        if (consumers.size() == 1) {
            log.follow(this::advanced);
        }
        added.resume();
        return added;
    }

    private void check(ConsumerOptions options) {
        boolean limited = options.prefetch().stream()
                .anyMatch(limit -> !limit.isShared() && limit.limit() > 0);
        if (!limited) {
            throw new BrokerException(BrokerError.PRECONDITION_FAILED,
                    "consumer prefetch count is not set for '" + object + "'");
        }
        if (!options.acknowledges()) {
            throw new BrokerException(BrokerError.NOT_IMPLEMENTED,
                    "automatic acknowledgement not supported by stream queues " + object);
        }
        if (options.prefetch().stream().anyMatch(Prefetch::limitsSeveral)) {
            throw new BrokerException(BrokerError.NOT_IMPLEMENTED,
                    object + " does not support global qos");
        }
    }

    private long position(StreamStart start) {
        return switch (start) {
            case StreamStart.First _ -> log().startOffset();
            case StreamStart.Last _ -> lastBatch();
            case StreamStart.Next _ -> log.end();
            case StreamStart.At(long offset) -> offset;
            // A message that is not durable yet may have this time.
            case StreamStart.Since(long timestampMs) -> log().offsetForTime(timestampMs)
                    .map(TimedOffset::offset).orElseGet(log()::durableEnd);
        };
    }

    private long lastBatch() {
        ReadWindow window = ReadWindow.ofCommitted(log(), lost);
        try {
            long end = log().lastStableOffset();
            return window.seek(Math.max(end - 1, log().startOffset()))
                    ? Math.max(window.message().batchOffset(), log().startOffset())
                    : end;
        } finally {
            window.release();
        }
    }

    void left(StreamConsumer consumer) {
        consumers.remove(consumer);
        if (consumers.isEmpty()) {
            log.unfollow();
        }
    }

    @Override
    public Optional<ReadableLog> readable() {
        return Optional.of(log());
    }

    @Override
    public Optional<WritableLog> asLog() {
        return log.own();
    }

    @Override
    public void checkHolding(long usualMs) {
        // A held delivery of a stream does not keep the message from others.
    }

    @Override
    public boolean hasExclusiveConsumer() {
        return consumers.size() == 1 && consumers.getFirst().options().exclusive();
    }

    @Override
    public void get(@Nullable GetHolder holder, Getter getter, Runnable done) {
        throw new BrokerException(BrokerError.NOT_IMPLEMENTED,
                "basic.get not supported by stream queues " + object);
    }

    @Override
    public CompletableFuture<Long> purge() {
        throw new BrokerException(BrokerError.NOT_IMPLEMENTED,
                "queue.purge not supported by stream queues " + object);
    }

    @Override
    public void close() {
        log.close();
    }

    @Override
    public void delete() {
        endConsumers();
        log.close();
    }
}
