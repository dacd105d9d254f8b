package io.taffrail.broker.queue;

import io.taffrail.broker.message.Message;
import io.taffrail.log.spi.WritableLog;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A stand-in for a queue whose logs could not be opened. It is quarantined from the start; its name
 * and bindings stay, so that the queue can be reopened or deleted. Owner thread only.
 */
public final class ClosedQueue extends AnyQueue {

    private final QueueDeclaration declaration;
    private final QueueSettings settings;

    public ClosedQueue(QueueDeclaration declaration, QueueSettings settings) {
        this.declaration = declaration;
        this.settings = settings;
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
        // Settings are computed again when the queue is reopened.
    }

    @Override
    public Optional<Session> exclusiveTo() {
        return Optional.empty();
    }

    @Override
    public void status(java.util.function.Consumer<QueueStatus> to) {
        to.accept(new QueueStatus(name(), 0, 0));
    }

    @Override
    public QueueFigures figures() {
        return new QueueFigures(counts().copy(), 0, 0, 0, false);
    }

    @Override
    public QueueDepth depth() {
        return new QueueDepth(0, 0);
    }

    @Override
    public int consumerCount() {
        return 0;
    }

    @Override
    public boolean store(Message message) {
        return false;
    }

    @Override
    public boolean hasRoomFor(Message message) {
        return false;
    }

    @Override
    public Subscription consume(ConsumerOptions options, Consumer consumer) {
        throw outOfUse();
    }

    @Override
    public void checkHolding(long usualMs) {
        // No delivery is outstanding.
    }

    @Override
    public boolean hasExclusiveConsumer() {
        return false;
    }

    @Override
    public void get(@Nullable GetHolder holder, Getter getter, Runnable done) {
        throw outOfUse();
    }

    @Override
    public CompletableFuture<Long> purge() {
        throw outOfUse();
    }

    @Override
    public Optional<WritableLog> asLog() {
        return Optional.empty();
    }

    @Override
    protected void quarantined() {
        // A stand-in starts nothing.
    }

    @Override
    public void failed(Throwable cause) {
        // The queue has failed already.
    }

    @Override
    public void close() {
        // No log is open.
    }

    @Override
    public void delete() {
        // No log is open.
    }
}
