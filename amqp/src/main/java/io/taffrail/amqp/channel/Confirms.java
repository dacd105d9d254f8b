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

    Confirms(ChannelLink link) {
        this.link = link;
    }

    void select() {
        if (!selected) {
            selected = true;
            before = lastTag;
            confirmed = lastTag;
        }
    }

    boolean isSelected() {
        return selected;
    }

    /** The tag of the next message to publish. */
    long nextTag() {
        return ++lastTag;
    }

    @Override
    public void rejected(long tag) {
        if (selected && tag > before) {
            link.send(new BasicMethod.Nack(tag - before, false, false));
        }
    }

    @Override
    public void confirmed(long upToTag) {
        if (selected && upToTag > confirmed) {
            boolean several = upToTag > confirmed + 1;
            confirmed = upToTag;
            link.send(new BasicMethod.Ack(upToTag - before, several));
        }
    }
}
