package io.taffrail.broker.stream;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.MessageBatch;
import io.taffrail.broker.queue.QueueContext;
import io.taffrail.broker.topic.Intake;
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
 * The log of a topic's partition as a stream. What is published to it is part of the host's commit
 * where both have one owner; otherwise the batch goes to the partition's owner, and the turn waits
 * until it is durable there, which is not atomic with the rest. The log is the topic's to close.
 * Owner thread of the host only.
 */
public final class PartitionLog extends TurnMember implements StreamLog {

    private final Partition partition;
    private final Intake intake;
    private final QueueContext context;
    private final MessageBatch batch = new MessageBatch();
    private final AtomicBoolean waking = new AtomicBoolean();
    private Runnable advanced = () -> {};
    private Consumer<Throwable> failed = _ -> {};
    private @Nullable CompletableFuture<Registration> registration;
    private boolean closed;

    public PartitionLog(Partition partition, Intake intake, QueueContext context) {
        this.partition = partition;
        this.intake = intake;
        this.context = context;
    }

    /** Whether this is the log of that partition. */
    public boolean isOf(Partition other, Intake itsIntake) {
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
    public boolean add(Message message, long nowMs) {
        boolean lacksKey = intake.keysRequired() && message.routingKey().isEmpty();
        int size = message.body().remaining() + message.properties().section().remaining();
        if (lacksKey || size > intake.maxMessageBytes() || closed
                || partition.offline().isPresent()) {
            return false;
        }
        int before = batch.sizeBytes();
        batch.add(message, nowMs);
        context.turn().join(this, batch.sizeBytes() - before);
        return true;
    }

    @Override
    protected void collect(TurnAppends appends) {
        if (batch.count() == 0) {
            return;
        }
        ByteBuffer taken = batch.take();
        if (partition.owner().isCurrent()) {
            appends.add(this, partition.log(), taken);
        } else {
            appends.addElsewhere(send(taken));
        }
    }

    private CompletableFuture<Void> send(ByteBuffer taken) {
        CompletableFuture<Void> durable = new CompletableFuture<>();
        partition.owner().execute(() -> {
            switch (partition.log().append(taken)) {
                case AppendResult.Stored stored -> {
                    var _ = stored.durable().whenComplete((_, failure) -> tell(durable, failure));
                }
                case AppendResult.Duplicate _ -> tell(durable, null);
                case AppendResult.Refused refused ->
                    tell(durable, new LogFailedException(refused.detail()));
            }
        });
        return durable;
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
        // Readers see it when it is durable.
    }

    @Override
    protected void refused(AppendResult.Refused refusal) {
        // Publishers are told by the turn.
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
        return partition.owner().isCurrent()
                ? partition.log().nextOffset() + batch.count()
                : partition.log().durableEnd();
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
            // What came before the registration has woken nobody.
            var _ = registration.thenRunAsync(this::wake, partition.owner());
        }
    }

    /** On the partition's owner. */
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
    public void close() {
        closed = true;
        unfollow();
    }
}
