package io.taffrail.broker.stream;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.MessageBatch;
import io.taffrail.broker.outbox.OutboxWriter;
import io.taffrail.broker.queue.MessageLog;
import io.taffrail.broker.queue.QueueContext;
import io.taffrail.broker.topic.IntakeRules;
import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.turn.TurnAppends;
import io.taffrail.broker.turn.TurnListener;
import io.taffrail.broker.turn.TurnMember;
import io.taffrail.log.AppendResult;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.ReadableLog;
import io.taffrail.log.spi.Registration;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The log of a topic's partition as a stream. If the partition has the host's owner, messages are
 * part of the host's commit. If it has another owner, a message published to this stream alone is
 * appended by that owner, and the turn waits until it is durable there. A message that is stored
 * together with something else, such as a dead letter with its settlement, goes through the outbox,
 * and so do the messages after it, to keep the order. The topic closes the log. Owner thread of the
 * host only.
 */
public final class PartitionLog extends TurnMember implements StreamLog {

    private final Partition partition;
    private final IntakeRules intake;
    private final QueueContext context;
    /** Messages of this turn for another owner, outside of its commit. */
    private final MessageBatch batch = new MessageBatch();
    private final MessageLog local;
    private final AtomicBoolean waking = new AtomicBoolean();
    private Runnable advanced = () -> {};
    private Consumer<Throwable> failed = _ -> {};
    private @Nullable CompletableFuture<Registration> registration;
    private boolean closed;

    public PartitionLog(Partition partition, IntakeRules intake, QueueContext context) {
        this.partition = partition;
        this.intake = intake;
        this.context = context;
        this.local = new MessageLog(partition.log(), context.turn(), (_, _) -> {});
    }

    /** The partition that the log belongs to. */
    public Partition partition() {
        return partition;
    }

    /** Whether this is the log of that partition, with these checks. */
    public boolean isOf(Partition other, IntakeRules itsIntake) {
        return partition.equals(other) && intake.equals(itsIntake);
    }

    @Override
    public ReadableLog log() {
        return partition.log();
    }

    @Override
    public Optional<WritableLog> own() {
        return Optional.empty();
    }

    @Override
    public boolean takes(Message message) {
        boolean lacksKey = intake.keysRequired() && message.routingKey().isEmpty();
        int size = message.body().remaining() + message.properties().section().remaining();
        return !lacksKey && size <= intake.maxMessageBytes() && !closed
                && partition.offline().isEmpty();
    }

    @Override
    public boolean add(Message message, long nowMs, Way way) {
        if (!takes(message)) {
            return false;
        }
        if (!isElsewhere()) {
            local.add(message, nowMs);
            return true;
        }
        boolean moved = context.turn().isMoving();
        OutboxWriter outbox = outbox();
        if (way == Way.ALONE && !moved && !outbox.isBusyWith(partition.log().id())) {
            int before = batch.sizeBytes();
            batch.add(message, nowMs);
            context.turn().join(this, batch.sizeBytes() - before);
            return true;
        }
        if (!outbox.hasRoom()) {
            return false;
        }
        outbox.add(partition.log().id(), message, nowMs, moved, way != Way.MOVED);
        return true;
    }

    private OutboxWriter outbox() {
        return context.outbox().orElseThrow(() -> new IllegalStateException(
                partition + " has another owner, and there is no outbox"));
    }

    @Override
    public boolean mustWait() {
        return isElsewhere() && !outbox().hasRoom();
    }

    @Override
    public boolean isElsewhere() {
        return !partition.owner().equals(context.owner());
    }

    @Override
    public CompletableFuture<Boolean> send(Message message, long nowMs) {
        MessageBatch one = new MessageBatch();
        one.add(message, nowMs);
        return send(one.take()).handle((_, failure) -> failure == null);
    }

    @Override
    protected void collect(TurnAppends appends) {
        if (batch.count() > 0) {
            appends.addElsewhere(send(batch.take()));
        }
    }

    private CompletableFuture<Void> send(ByteBuffer taken) {
        CompletableFuture<Void> durable = new CompletableFuture<>();
        partition.owner().execute(() -> Guard.run(() -> append(taken, durable),
                failure -> tell(durable, failure)));
        return durable;
    }

    /** Appends a batch. Called on the partition's owner. */
    private void append(ByteBuffer taken, CompletableFuture<Void> durable) {
        switch (partition.log().append(taken)) {
            case AppendResult.Stored stored -> {
                var _ = stored.durable().whenComplete((_, failure) -> tell(durable, failure));
            }
            case AppendResult.Duplicate _ -> tell(durable, null);
            case AppendResult.Refused refused ->
                tell(durable, new LogFailedException(refused.detail()));
        }
    }

    private void tell(CompletableFuture<Void> durable, @Nullable Throwable failure) {
        context.owner().execute(() -> {
            if (failure == null) {
                durable.complete(null);
            } else {
                durable.completeExceptionally(failure);
            }
        });
    }

    @Override
    protected void stored(AppendResult.Stored result) {
        // Readers see the message when it is durable.
    }

    @Override
    protected void refused(AppendResult.Refused refusal) {
        // The turn tells the publishers.
    }

    @Override
    protected void failed(Throwable cause, boolean own) {
        if (batch.count() > 0) {
            batch.take();
        }
        if (own) {
            failed.accept(cause);
        }
    }

    @Override
    public void onFailed(Consumer<Throwable> listener) {
        failed = listener;
        local.onFailed(listener::accept);
    }

    private void tellAdvanced() {
        Guard.run(advanced, failed);
    }

    @Override
    public String toString() {
        return "the stream " + partition.log().id();
    }

    @Override
    public long end() {
        return isElsewhere() ? partition.log().durableEnd() : local.end();
    }

    @Override
    public void whenReadable(Runnable then) {
        context.turn().listen(new TurnListener() {
            @Override
            public void durable() {
                then.run();
            }

            @Override
            public void failed(String detail) {
                then.run();
            }
        });
    }

    @Override
    public void follow(Runnable follower) {
        advanced = follower;
        if (registration == null && !closed) {
            registration = CompletableFuture.supplyAsync(
                    () -> partition.log().onDurableEnd(_ -> wake()), partition.owner());
            // Messages from before the registration did not cause a wake-up.
            var _ = registration.thenRunAsync(this::wake, partition.owner());
        }
    }

    /** Tells the follower that more is readable. Called on the partition's owner. */
    private void wake() {
        if (context.owner().isCurrent()) {
            tellAdvanced();
        } else if (waking.compareAndSet(false, true)) {
            context.owner().execute(() -> {
                waking.set(false);
                tellAdvanced();
            });
        }
    }

    @Override
    public void unfollow() {
        advanced = () -> {};
        CompletableFuture<Registration> running = registration;
        registration = null;
        if (running != null) {
            var _ = running.thenAcceptAsync(Registration::close, partition.owner());
        }
    }

    @Override
    public void retire() {
        closed = true;
        unfollow();
    }

    @Override
    public void close() {
        retire();
        local.stop();
    }
}
