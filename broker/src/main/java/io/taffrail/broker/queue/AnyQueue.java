package io.taffrail.broker.queue;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.exchange.Destination;
import io.taffrail.broker.exchange.Walk;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.traffic.MessageCounts;
import io.taffrail.broker.why.Inspected;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.ReadableLog;
import io.taffrail.log.spi.WritableLog;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A destination from which consumers receive messages: a {@link Queue}, which gives each message to
 * one consumer, or a stream, which every consumer reads. Owner thread only. An operation that this
 * kind of queue does not support throws a {@link io.taffrail.broker.BrokerException}.
 */
public abstract class AnyQueue extends Destination {

    private final MessageCounts counts = new MessageCounts();
    private @Nullable Quarantine quarantine;

    /** Messages of this queue by event. */
    protected final MessageCounts counts() {
        return counts;
    }

    /** The counters and sizes now. */
    public abstract QueueFigures figures();

    /** Arrival time of the oldest message that waits, in milliseconds; read from the log. */
    public OptionalLong oldestReadyMs() {
        return OptionalLong.empty();
    }

    /** The quarantine of this queue; empty while it is usable. */
    public final Optional<Quarantine> quarantine() {
        return Optional.ofNullable(quarantine);
    }

    final boolean isQuarantined() {
        return quarantine != null;
    }

    /**
     * Quarantines the queue: consumers are cancelled and publishes to it are refused. Lasts until
     * the queue is deleted or reopened from its logs.
     *
     * @return false if it is quarantined already
     */
    public final boolean quarantine(Quarantine why) {
        if (quarantine != null) {
            return false;
        }
        quarantine = why;
        quarantined();
        return true;
    }

    /** Releases resources and ends consumers as the queue is quarantined. */
    protected abstract void quarantined();

    /** Reports that the state of the queue is in doubt. */
    public abstract void failed(Throwable cause);

    /** Runs a task of this queue; an exception of the task fails this queue only. */
    protected final void guard(Runnable task) {
        Guard.run(task, this::failed);
    }

    /**
     * Throws if the queue is quarantined, and else does nothing.
     *
     * @throws BrokerException
     *             if the queue is quarantined
     */
    protected final void checkUsable() {
        if (quarantine != null) {
            throw outOfUse();
        }
    }

    /** The error that clients of a quarantined queue get. */
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

    /** The declaration of the queue, with the name the broker gave it if it gave one. */
    public abstract QueueDeclaration declaration();

    /** The settings in effect. */
    public abstract QueueSettings settings();

    /**
     * Applies new settings from now on, also to messages that are stored already; the type stays.
     */
    public abstract void apply(QueueSettings next);

    /**
     * Reads, in steps, the state that the current settings require of the stored messages;
     * completes on the owner's thread when that is done or has failed.
     */
    public CompletableFuture<Void> load() {
        return CompletableFuture.completedFuture(null);
    }

    /** The session that the queue is exclusive to. */
    public abstract Optional<Session> exclusiveTo();

    /**
     * Passes on the counts of ready messages and of consumers, when messages published before are
     * durable and the limits have been applied to them. Counts as a use of the queue.
     */
    public abstract void status(java.util.function.Consumer<QueueStatus> to);

    /** The depth of the queue now; does not count as a use of the queue. */
    public abstract QueueDepth depth();

    /** Snapshots of the queue for its operator. */
    public Inspected inspected() {
        return new KeptInspection(this);
    }

    /** The log of the messages, for readers only. */
    public Optional<ReadableLog> readable() {
        return asLog().map(log -> log);
    }

    /** Number of consumers. */
    public abstract int consumerCount();

    @Override
    protected final void reach(Walk walk) {
        walk.found(this);
    }

    /**
     * Takes a message into this turn, or drops it as a duplicate; false if it is refused: the queue
     * is full, is quarantined, or does not accept such a message.
     */
    public abstract boolean store(Message message);

    /** Whether {@link #store} would take a message now, as far as lengths and sizes go. */
    public boolean hasRoomFor(Message message) {
        return true;
    }

    /**
     * Whether the queue takes every message without looking at it, so that messages may be encoded
     * for {@link #storeStaged} before the turn in which they are stored.
     */
    public boolean takesStaged() {
        return false;
    }

    /** Takes encoded messages into this turn; false if the queue is out of use. */
    public boolean storeStaged(StagedMessages staged) {
        throw new IllegalStateException(name() + " looks at each message");
    }

    /** As {@link #store}, for a message that is stored in other queues in the same step. */
    public boolean storeWithOthers(Message message) {
        return store(message);
    }

    /**
     * Takes a message into this turn that the broker moves itself: a dead letter or a delayed
     * message. Some kinds of queue take it beyond their limits; false if it is refused all the
     * same.
     */
    public boolean storeMoved(Message message) {
        return store(message);
    }

    /**
     * Whether {@link #storeMoved} cannot be called now for any message: the message has to stay in
     * its source until later.
     */
    public boolean mustWait() {
        return false;
    }

    /** Whether another owner stores the messages, outside of this turn's commit. */
    public boolean isElsewhere() {
        return false;
    }

    /**
     * Sends a message to the other owner, if {@link #isElsewhere}; completes on this owner's
     * thread, with true when the message is durable there and false when it is not or when that is
     * unknown.
     */
    public CompletableFuture<Boolean> send(Message message) {
        throw new IllegalStateException(name() + " is stored here");
    }

    /** Adds a consumer; it is served in a later turn. */
    public abstract Subscription consume(ConsumerOptions options, Consumer consumer);

    /**
     * Tells consumers that have held a delivery for longer than the consumer time-out, where a held
     * delivery keeps the message from others.
     *
     * @param usualMs
     *            time-out in milliseconds where the queue sets none
     */
    public abstract void checkHolding(long usualMs);

    /** Whether the only consumer is an exclusive one. */
    public abstract boolean hasExclusiveConsumer();

    /**
     * Takes one message for a single get (AMQP 0-9-1 {@code basic.get}).
     *
     * @param holder
     *            holds the delivery until it is settled, or null if it is settled at once
     * @param done
     *            run after {@code getter} was called
     */
    public abstract void get(@Nullable GetHolder holder, Getter getter, Runnable done);

    /**
     * Settles all ready messages, including those published before this call that are not yet
     * durable. Completes on the owner's thread with the number of messages, when a crash can no
     * longer undo the purge; exceptionally if it is not stored. A purge that the engine refused to
     * store is stored later, unless the process ends before.
     */
    public abstract CompletableFuture<Long> purge();

    /**
     * The messages as a log that other components may read and append to; empty if another
     * component owns the log. Appended records become messages of the queue.
     */
    public abstract Optional<WritableLog> asLog();

    /**
     * Starts expiry and the enforcement of limits; called when every destination of dead letters
     * exists.
     */
    public void start() {
        // Most kinds of queue start nothing.
    }

    /** Closes the queue with its durable state recorded, as the process stops. */
    public abstract void close();

    /**
     * Deletes the queue: consumers are cancelled, and outstanding deliveries can no longer be
     * settled.
     */
    public abstract void delete();
}
