package io.taffrail.amqp.channel;

import io.taffrail.amqp.output.FrameOutput;
import io.taffrail.broker.message.PlainTables;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Consumer;
import io.taffrail.broker.queue.ConsumerOptions;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.Prefetch;
import io.taffrail.broker.queue.Subscription;
import io.taffrail.broker.traffic.ConsumerReport;
import io.taffrail.broker.traffic.MessageEvent;
import org.jspecify.annotations.Nullable;

/**
 * A consumer of a channel. Accepts deliveries while the socket is writable and the connection owes
 * no memory. On the connection's loop only.
 */
final class ChannelConsumer implements Consumer {

    /** Notified when the queue ends the subscription. */
    interface Ended {
        void ended(ChannelConsumer consumer);
    }

    /** Approximate memory of a consumer, here and in its queue, in bytes. */
    private static final int OBJECT_BYTES = 1000;

    private final ChannelLink link;
    private final Settling settling;
    private final Ended ended;
    private final FrameOutput output;
    private final String queue;
    private final String tag;
    private final byte[] encodedTag;
    private final boolean acknowledges;
    private final ConsumerOptions options;
    private int bytes;
    private @Nullable Subscription subscription;
    private boolean awaitingRoom;

    ChannelConsumer(ChannelLink link, Settling settling, String queue,
            ConsumerOptions options, Ended ended) {
        this.queue = queue;
        this.link = link;
        this.settling = settling;
        this.ended = ended;
        this.output = link.connection().output();
        this.options = options;
        this.tag = options.tag();
        this.encodedTag = FrameOutput.shortString(tag);
        this.acknowledges = options.acknowledges();
        this.bytes = OBJECT_BYTES + queue.length() + 2 * tag.length()
                + options.arguments().bytes().length;
    }

    String tag() {
        return tag;
    }

    String queue() {
        return queue;
    }

    /** The consumer as an operator sees it. */
    ConsumerReport report() {
        Subscription current = subscription;
        return new ConsumerReport(queue, tag, acknowledges, options.exclusive(),
                current == null || current.isActive(),
                options.prefetch().stream().filter(it -> !it.isShared()).mapToInt(Prefetch::limit)
                        .findFirst().orElse(0),
                PlainTables.plain(options.arguments()));
    }

    /** Bytes charged for this consumer. */
    int bytes() {
        return bytes;
    }

    /**
     * Stores the subscription; returns the bytes to charge for its read-ahead,
     * added to {@link #bytes}.
     */
    int subscribed(Subscription value) {
        subscription = value;
        bytes += value.readAheadBytes();
        return value.readAheadBytes();
    }

    @Override
    public boolean isReady() {
        if (!link.isOpen()) {
            return false;
        }
        if (output.isWritable() && !link.connection().memory().isIndebted()) {
            return true;
        }
        if (!awaitingRoom) {
            awaitingRoom = true;
            link.connection().awaitWritable(this::writable);
        }
        return false;
    }

    private void writable() {
        awaitingRoom = false;
        Subscription current = subscription;
        if (current != null && link.isOpen()) {
            current.resume();
        }
    }

    @Override
    public void deliver(Delivery delivery, StoredMessage message) {
        try {
            long deliveryTag = settling.nextTag();
            if (acknowledges) {
                settling.add(deliveryTag, delivery);
            }
            link.counts().count(acknowledges
                    ? MessageEvent.DELIVERED
                    : MessageEvent.DELIVERED_SETTLED);
            if (delivery.redelivered()) {
                link.counts().count(MessageEvent.REDELIVERED);
            }
            output.delivery(link.number(), encodedTag, deliveryTag, delivery.redelivered(),
                    message);
        } catch (Throwable e) {
            link.broken(e);
        }
    }

    @Override
    public void delivered() {
        // The frames are flushed at the end of the turn, together with those of other queues.
    }

    @Override
    public void timedOut(long limitMs) {
        link.guarded(() -> link.timedOut(limitMs));
    }

    @Override
    public void cancelled() {
        subscription = null;
        link.guarded(() -> ended.ended(this));
    }

    /**
     * Cancels the subscription. Messages published before this call are still delivered;
     * then {@code done} runs. Deliveries to the client stay unsettled until it settles them.
     */
    void cancel(Runnable done) {
        if (subscription == null) {
            done.run();
        } else {
            subscription.cancelAfterPublished(done);
        }
    }

    /** Ends the subscription and requeues its unsettled deliveries. */
    void close() {
        if (subscription != null) {
            subscription.close();
        }
    }
}
