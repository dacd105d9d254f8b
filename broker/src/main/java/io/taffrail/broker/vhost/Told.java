package io.taffrail.broker.vhost;

import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.Getter;

/** A getter that passes on the result and records that there was one. Owner thread only. */
final class Told implements Getter {

    private final Getter getter;
    private boolean told;

    Told(Getter getter) {
        this.getter = getter;
    }

    boolean isTold() {
        return told;
    }

    @Override
    public void got(Delivery delivery, StoredMessage message, long left) {
        told = true;
        getter.got(delivery, message, left);
    }

    @Override
    public void empty() {
        told = true;
        getter.empty();
    }
}
