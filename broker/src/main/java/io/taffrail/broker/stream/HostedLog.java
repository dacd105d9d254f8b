package io.taffrail.broker.stream;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.queue.MessageLog;
import io.taffrail.broker.queue.QueueContext;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.Registration;
import io.taffrail.log.spi.WritableLog;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The log of a stream queue of the virtual host. It takes part in the host's commits and is closed
 * with the queue. Owner thread only.
 */
public final class HostedLog implements StreamLog {

    private final WritableLog log;
    private final QueueContext context;
    private final MessageLog messages;
    private final Registration durableEnd;
    private Runnable advanced = () -> {};
    private Consumer<Throwable> failed = _ -> {};
    private int segments;

    public HostedLog(WritableLog log, QueueContext context) {
        this.log = log;
        this.context = context;
        this.messages = new MessageLog(log, context.turn(), (_, _) -> {});
        this.segments = log.segmentCount();
        this.durableEnd = log.onDurableEnd(this::advancedTo);
    }

    private void advancedTo(long end) {
        messages.advanced(end);
        Guard.run(() -> {
            advanced.run();
            retain();
        }, failed);
    }

    @Override
    public void onFailed(Consumer<Throwable> listener) {
        failed = listener;
        messages.onFailed(listener::accept);
    }

    @Override
    public WritableLog log() {
        return log;
    }

    @Override
    public boolean takes(Message message) {
        return true;
    }

    @Override
    public boolean mustWait() {
        return false;
    }

    @Override
    public boolean isElsewhere() {
        return false;
    }

    @Override
    public CompletableFuture<Boolean> send(Message message, long nowMs) {
        throw new IllegalStateException(log.id() + " has the host's owner");
    }

    @Override
    public boolean add(Message message, long nowMs, Way way) {
        messages.add(message, nowMs);
        return true;
    }

    @Override
    public long end() {
        return messages.end();
    }

    @Override
    public void whenReadable(Runnable then) {
        messages.whenReadable(then);
    }

    @Override
    public void follow(Runnable follower) {
        advanced = follower;
    }

    @Override
    public void unfollow() {
        advanced = () -> {};
    }

    @Override
    public Optional<WritableLog> own() {
        return Optional.of(log);
    }

    /**
     * Applies retention when a segment was added; retention by age is also applied periodically.
     */
    private void retain() {
        int now = log.segmentCount();
        if (now != segments) {
            segments = now - log.maintain(context.clock().millis());
        }
    }

    @Override
    public void retire() {
        close();
    }

    @Override
    public void close() {
        durableEnd.close();
        messages.close();
    }
}
