package io.taffrail.broker.queue;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.exchange.Destination;
import io.taffrail.broker.exchange.Walk;
import io.taffrail.broker.message.Message;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.WritableLog;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Where messages wait for consumers: a {@link Queue}, which gives each to one of them, or a stream,
 * which every one of them reads. Owner thread only. What a kind of queue cannot do it refuses with
 * a {@link io.taffrail.broker.BrokerException}.
 */
public abstract class AnyQueue extends Destination {

    private @Nullable Quarantine quarantine;

    /** Why it is out of use, if it is. */
    public final Optional<Quarantine> quarantine() {
        return Optional.ofNullable(quarantine);
    }

    final boolean isQuarantined() {
        return quarantine != null;
    }

    /**
     * Takes it out of use: consumers are cancelled, and what is published to it is refused; false
     * if it is so already. It stays where it is until it is deleted, or another is opened from its
     * logs.
     */
    public final boolean quarantine(Quarantine why) {
        if (quarantine != null) {
            return false;
        }
        quarantine = why;
        quarantined();
        return true;
    }

    /** It is out of use from now on. */
    protected abstract void quarantined();

    /** Its state is in doubt. */
    public abstract void failed(Throwable cause);

    /** Runs a task of the queue's own, which fails nobody else. */
    protected final void guard(Runnable task) {
        Guard.run(task, this::failed);
    }

    /**
     * Does nothing.
     *
     * @throws BrokerException
     *             if the queue is out of use
     */
    protected final void checkUsable() {
        if (quarantine != null) {
            throw outOfUse();
        }
    }

    /** What clients are told of a queue that is out of use. */
    public final BrokerException outOfUse() {
        Quarantine why = quarantine;
        return new BrokerException(BrokerError.QUEUE_QUARANTINED, why == null
                ? "queue '" + name() + "' failed"
                : "queue '" + name() + "' in vhost '" + why.virtualHost() + "' failed: "
                        + why.cause());
    }

    public final String name() {
        return declaration().name();
    }

    /** As it was declared, with the name it has. */
    public abstract QueueDeclaration declaration();

    /** How it behaves. */
    public abstract QueueSettings settings();

    /** Behaves differently from now on, also to what it holds; its type is the same. */
    public abstract void apply(QueueSettings next);

    /**
     * Reads what it has to know of the messages it holds to behave as it was told to, in steps;
     * completes on the owner's thread when it does, or has failed.
     */
    public CompletableFuture<Void> load() {
        return CompletableFuture.completedFuture(null);
    }

    /** The session it is exclusive to. */
    public abstract Optional<Session> exclusiveTo();

    /**
     * Passes on the ready messages and consumers, when what was published before is durable and
     * limits are applied to it; counts as a use of the queue.
     */
    public abstract void status(java.util.function.Consumer<QueueStatus> to);

    /** How much it holds now; does not count as a use of it. */
    public abstract QueueDepth depth();

    /** Number of consumers. */
    public abstract int consumerCount();

    @Override
    protected final void reach(Walk walk) {
        walk.found(this);
    }

    /**
     * Takes a message into this turn, or drops it as a duplicate; false if it is refused, because
     * the queue is full.
     */
    public abstract boolean store(Message message);

    /** Whether {@link #store} would take a message now, as far as lengths and sizes go. */
    public boolean hasRoomFor(Message message) {
        return true;
    }

    /** As {@link #store}, for a message that other queues take in the same step. */
    public boolean storeWithOthers(Message message) {
        return store(message);
    }

    /**
     * Takes a message into this turn that the broker sends on at most once: a dead letter, or a
     * delayed message. Goes beyond lengths where the kind of queue does so for them; false if it
     * is refused all the same.
     */
    public boolean storeMoved(Message message) {
        return store(message);
    }

    /**
     * Whether {@link #storeMoved} cannot be called now, whatever the message is: it has to stay
     * where it is until later.
     */
    public boolean mustWait() {
        return false;
    }

    /** Whether another owner stores its messages, outside of this turn's commit. */
    public boolean isElsewhere() {
        return false;
    }

    /**
     * Sends a message to the other owner, where {@link #isElsewhere} says so; completes on this
     * owner's thread with whether it is durable there. False also means: nobody knows.
     */
    public CompletableFuture<Boolean> send(Message message) {
        throw new IllegalStateException(name() + " is stored here");
    }

    /** Adds a consumer; it is served in a later turn. */
    public abstract Subscription consume(ConsumerOptions options, Consumer consumer);

    /**
     * Tells consumers that have held a delivery for too long, where that keeps it from others.
     *
     * @param usualMs
     *            how long they may, where the queue does not say
     */
    public abstract void checkHolding(long usualMs);

    /** Whether its one consumer is exclusive. */
    public abstract boolean hasExclusiveConsumer();

    /**
     * Takes one message for somebody who asks once.
     *
     * @param holder
     *            where it is held until settled, or null if it is settled by being taken
     * @param done
     *            run after {@code getter} was called
     */
    public abstract void get(@Nullable GetHolder holder, Getter getter, Runnable done);

    /** Settles all that is ready, also what was published before this call and is not durable. */
    public abstract void purge(LongConsumer purged);

    /**
     * Its messages as a log that others may read and append to; empty if the log is another's.
     * Appends count as messages of the queue.
     */
    public abstract Optional<WritableLog> asLog();

    /**
     * Begins what it does by itself; not before everything is there that dead letters may go to.
     */
    public void start() {
        // Most do nothing by themselves.
    }

    /** Stops, with everything recorded that is durable; for the end of the process. */
    public abstract void close();

    /** Ends everything: consumers are told, deliveries have nothing left to settle. */
    public abstract void delete();
}
