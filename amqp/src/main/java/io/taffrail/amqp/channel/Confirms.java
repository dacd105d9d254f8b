package io.taffrail.amqp.channel;

import io.taffrail.amqp.codec.BasicMethod;
import io.taffrail.broker.traffic.MessageEvent;
import io.taffrail.broker.vhost.ConfirmListener;

/**
 * Publisher confirms of a channel. Messages made durable by the same force of the journal are
 * confirmed by one {@code basic.ack} with {@code multiple}. On the connection's loop only.
 */
final class Confirms implements ConfirmListener {

    private final ChannelLink link;
    private boolean selected;
    /** Tags assigned before {@code confirm.select}; the first message after it has number 1. */
    private long before;
    private long confirmed;
    private long lastTag;
    /**
     * Last tag whose message went to the broker; later messages are done as soon as they are taken.
     */
    private long lastStored;
    /** The last tag the domain has said something of, after it spoke of all before. */
    private long told;

    Confirms(ChannelLink link) {
        this.link = link;
    }

    void select() {
        if (!selected) {
            selected = true;
            before = lastTag;
            confirmed = Math.max(confirmed, lastTag);
        }
    }

    boolean isSelected() {
        return selected;
    }

    /** Number of messages without a confirm, if the client asked for confirms. */
    long unconfirmed() {
        return selected ? Math.max(0, lastTag - confirmed) : 0;
    }

    /** Assigns the tag of a message that goes to the broker. */
    long nextStored() {
        lastStored = ++lastTag;
        return lastTag;
    }

    /**
     * Assigns the tag of a message that needs no storing; it is confirmed after those before it.
     */
    void nextDone() {
        lastTag++;
        if (told >= lastStored) {
            confirmed(lastTag);
        }
    }

    @Override
    public void rejected(long tag) {
        if (selected && tag > before) {
            link.guarded(() -> link.send(new BasicMethod.Nack(tag - before, false, false)));
        }
        told = Math.max(told, tag);
        if (tag >= lastStored && lastTag > tag) {
            confirmed(lastTag); // What needs no storing waited for this one alone.
        }
    }

    /** Ends the connection, because the client would wait for confirms that were lost. */
    @Override
    public void failed(Throwable cause) {
        link.broken(cause);
    }

    @Override
    public void confirmed(long upToTag) {
        told = Math.max(told, upToTag);
        long last = upToTag >= lastStored ? lastTag : upToTag;
        if (last > confirmed) {
            boolean several = last > confirmed + 1;
            long number = last - confirmed;
            confirmed = last;
            if (selected) {
                link.counts().countForAll(MessageEvent.CONFIRMED, number);
                BasicMethod.Ack ack = new BasicMethod.Ack(last - before, several);
                link.guarded(() -> link.send(ack));
            }
        }
    }
}
