package io.taffrail.amqp.net;

import java.util.concurrent.atomic.LongAdder;

/** Counts the channels of all connections that were opened and closed. Safe for any thread. */
public final class ChannelChurn {

    private final LongAdder opened = new LongAdder();
    private final LongAdder closed = new LongAdder();

    void opened(int number) {
        opened.add(number);
    }

    void closed(int number) {
        closed.add(number);
    }

    long openedSoFar() {
        return opened.sum();
    }

    long closedSoFar() {
        return closed.sum();
    }
}
