package io.taffrail.amqp.channel;

import io.taffrail.broker.traffic.MessageCounts;
import io.taffrail.broker.traffic.MessageEvent;
import io.taffrail.broker.vhost.Publisher;
import org.jspecify.annotations.Nullable;

/** The messages of one channel by event. On the connection's loop only. */
final class ChannelCounts {

    private final MessageCounts own = new MessageCounts();
    private @Nullable Publisher publisher;

    /** Sets the publisher, by which events that only the channel sees reach the host's counters. */
    void publisher(Publisher value) {
        publisher = value;
    }

    /** Counts for this channel only. */
    void count(MessageEvent event) {
        own.count(event);
    }

    /** As {@link #count(MessageEvent)}, for several messages. */
    void count(MessageEvent event, int number) {
        own.count(event, number);
    }

    /** Counts for this channel and its virtual host. */
    void countForAll(MessageEvent event, long number) {
        own.count(event, number);
        if (publisher != null) {
            publisher.count(event, number);
        }
    }

    MessageCounts copy() {
        return own.copy();
    }
}
