package io.taffrail.amqp.channel;

import io.taffrail.amqp.codec.BasicMethod;
import io.taffrail.broker.vhost.ConfirmListener;

/**
 * Publisher confirms of a channel. What the journal forced together is confirmed by one
 * {@code basic.ack} with {@code multiple}.
 */
final class Confirms implements ConfirmListener {

    private final ChannelLink link;
    private boolean selected;
    /** Tags given out before {@code confirm.select}; the first message after it is number 1. */
    private long before;
    private long confirmed;
    private long lastTag;
    /** The last tag whose message went to the domain; later ones are done as they are taken. */
    private long lastStored;

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

    /** The tag of the next message, which goes to the domain. */
    long nextStored() {
        lastStored = ++lastTag;
        return lastTag;
    }

    /** The next message needs no storing, and is confirmed after those before it. */
    void nextDone() {
        lastTag++;
        if (confirmed >= lastStored) {
            confirmed(lastTag);
        }
    }

    @Override
    public void rejected(long tag) {
        if (selected && tag > before) {
            link.guarded(() -> link.send(new BasicMethod.Nack(tag - before, false, false)));
        }
    }

    /** The client must not wait for what could not be told. */
    @Override
    public void failed(Throwable cause) {
        link.broken(cause);
    }

    @Override
    public void confirmed(long upToTag) {
        long last = upToTag >= lastStored ? lastTag : upToTag;
        if (last > confirmed) {
            boolean several = last > confirmed + 1;
            confirmed = last;
            if (selected) {
                BasicMethod.Ack ack = new BasicMethod.Ack(last - before, several);
                link.guarded(() -> link.send(ack));
            }
        }
    }
}
