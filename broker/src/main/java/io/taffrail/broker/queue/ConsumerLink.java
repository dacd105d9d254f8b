package io.taffrail.broker.queue;

import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.why.ConsumerStanding;
import io.taffrail.log.guard.FailStop;
import io.taffrail.log.guard.Guard;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A consumer as its queue sees it. Owner thread only. */
final class ConsumerLink implements Subscription, Holding {

    private static final Logger LOG = LoggerFactory.getLogger(ConsumerLink.class);

    private final Queue queue;
    private final ConsumerOptions options;
    private final Consumer consumer;
    private final HeldList held;
    private final int priority;
    private final HoldingTime holding;
    /**
     * Offset at which a consumer that is leaving stops: the end of the log when it began to leave.
     */
    private long until = Long.MAX_VALUE;
    private boolean cancelled;
    private boolean touched;
    /** Time of the last run of deliveries; 0 before the first. */
    private long lastDeliveryMs;
    private final Runnable roomAgain = this::roomAgain;

    ConsumerLink(Queue queue, ConsumerOptions options, Consumer consumer) {
        this.queue = queue;
        this.options = options;
        this.consumer = consumer;
        this.held = new HeldList(options.prefetch());
        this.holding = new HoldingTime(held);
        this.priority = options.arguments().get("x-priority")
                .flatMap(FieldValue::number)
                .map(it -> Math.clamp(it, Integer.MIN_VALUE, Integer.MAX_VALUE)).orElse(0);
    }

    ConsumerOptions options() {
        return options;
    }

    /** The consumer and its connection, for people to read. */
    String worker() {
        return options.tag() + " of " + options.session();
    }

    int priority() {
        return priority;
    }

    @Override
    public boolean isHolding() {
        return held.size() > 0;
    }

    @Override
    public void check(long usualMs, long nowMs) {
        long limitMs = options.arguments().get(QueueArguments.CONSUMER_TIMEOUT)
                .flatMap(FieldValue::number)
                .orElse(queue.settings().consumerTimeoutMs().orElse(usualMs));
        if (limitMs > 0 && holding.isOver(limitMs, nowMs)) {
            Guard.run(() -> consumer.timedOut(limitMs), this::failed);
        }
    }

    /** The consumer as it stands, for the operator. */
    ConsumerStanding standing(boolean active) {
        return new ConsumerStanding(options.tag(), options.session().toString(),
                options.acknowledges(), priority, held.lowestLimit(), held.size(),
                held.first().map(it -> OptionalLong.of(it.offset()))
                        .orElseGet(OptionalLong::empty),
                lastDeliveryMs == 0 ? OptionalLong.empty() : OptionalLong.of(lastDeliveryMs),
                QueueInspection.block(this, active, consumer.isReady()));
    }

    /** Whether it holds a message, as far as the oldest {@code most} deliveries tell. */
    boolean holds(long offset, int most) {
        return held.contains(offset, most);
    }

    int heldCount() {
        return held.size();
    }

    /** Whether the consumer is leaving: it takes only messages published before it began to. */
    boolean isLeaving() {
        return until != Long.MAX_VALUE;
    }

    boolean canTake(long offset) {
        return offset < until && consumer.isReady() && !isFull();
    }

    /** Whether a prefetch limit of the consumer is reached. */
    boolean isFull() {
        return options.acknowledges() ? !held.hasRoom() : held.isSharedLimitReached();
    }

    /** Has the consumer served again when a prefetch limit that is reached has room again. */
    void awaitRoom() {
        if (isFull()) {
            held.awaitRoom(roomAgain);
        }
    }

    private void roomAgain() {
        queue.hasRoom(this);
    }

    /** Delivers a message; true for the first one since the last {@link #flush}. */
    boolean deliver(HeldDelivery delivery, StoredMessage message) {
        boolean first = !touched;
        touched = true;
        if (options.acknowledges()) {
            held.add(delivery);
        }
        try {
            consumer.deliver(delivery, message);
        } catch (Throwable cause) {
            failed(cause);
        }
        return first;
    }

    /** Ends a run of deliveries. */
    void flush() {
        touched = false;
        lastDeliveryMs = queue.context().clock().millis();
        if (!cancelled) {
            Guard.run(consumer::delivered, this::failed);
        }
    }

    /** Cancels a consumer that threw, and requeues its deliveries. */
    private void failed(Throwable cause) {
        FailStop.check(cause);
        LOG.error("QUE-005 consumer {} of queue {} failed and is cancelled", options.tag(),
                queue.name(), cause);
        close();
        tellCancelled();
    }

    private void tellCancelled() {
        Guard.run("QUE-006", "cancelling consumer " + options.tag() + " of " + queue.name(),
                consumer::cancelled);
    }

    /**
     * Ends the consumer of a queue that was deleted or quarantined: its deliveries can no longer be
     * settled.
     */
    void queueDeleted() {
        cancelled = true;
        var _ = held.drain();
        tellCancelled();
    }

    @Override
    public void resume() {
        queue.schedule();
    }

    @Override
    public void cancel() {
        if (!cancelled) {
            cancelled = true;
            queue.left(this);
        }
    }

    @Override
    public void cancelAfterPublished(Runnable cancelledNow) {
        if (!cancelled && !isLeaving()) {
            until = queue.leaving(this);
        }
        queue.whenReadable(() -> {
            cancel();
            cancelledNow.run();
        });
    }

    @Override
    public void close() {
        ManySettlements.giveBack(held.drain());
        cancel();
    }

    @Override
    public boolean isActive() {
        return !cancelled && queue.serves(this);
    }

    @Override
    public String queue() {
        return queue.name();
    }
}
