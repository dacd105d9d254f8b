package io.taffrail.broker.stream;

import io.taffrail.broker.queue.Delivery;

/** A delivery of a stream's message. Settling it in any way only gives back credit. */
final class StreamDelivery implements Delivery {

    private final StreamConsumer consumer;
    private final long offset;
    private boolean settled;

    StreamDelivery(StreamConsumer consumer, long offset) {
        this.consumer = consumer;
        this.offset = offset;
    }

    @Override
    public String queue() {
        return consumer.queue();
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public boolean redelivered() {
        return false;
    }

    @Override
    public boolean isSettled() {
        return settled;
    }

    @Override
    public void accept() {
        settle();
    }

    @Override
    public void requeue() {
        settle();
    }

    @Override
    public void reject() {
        settle();
    }

    private void settle() {
        if (!settled) {
            settled = true;
            consumer.settled();
        }
    }
}
