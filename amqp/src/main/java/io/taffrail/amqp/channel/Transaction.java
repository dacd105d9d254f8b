package io.taffrail.amqp.channel;

import io.taffrail.amqp.codec.TxMethod;
import io.taffrail.amqp.memory.Quota;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.Settlement;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a channel in transaction mode published and settled since the last commit. Unlike RabbitMQ's
 * a commit is one step over every queue: all of it or nothing survives a crash.
 */
final class Transaction {

    /** A message to be published. */
    record Publication(Message message, boolean mandatory) {}

    /** A delivery, and what is to become of it. */
    record Settled(long tag, Delivery delivery, Settlement how) {}

    private static final int PUBLICATION_BYTES = 300;
    private static final int SETTLEMENT_BYTES = 40;

    private final ChannelLink link;
    private boolean selected;
    private List<Publication> publications = new ArrayList<>();
    private List<Settled> settlements = new ArrayList<>();
    /** Of the messages and the objects that hold them, as taken from the quota. */
    private long bytes;
    private final Quota quota;

    Transaction(ChannelLink link) {
        this.link = link;
        this.quota = link.connection().transactions();
    }

    boolean isOpen() {
        return selected;
    }

    void select() {
        selected = true;
    }

    /** Keeps a copy of a message until the commit. */
    void publish(Message message, boolean mandatory) {
        take(PUBLICATION_BYTES + message.body().remaining()
                + message.properties().section().remaining());
        ByteBuffer body = ByteBuffer.allocate(message.body().remaining());
        body.put(message.body().duplicate()).flip();
        Properties properties = message.properties().copy();
        publications.add(new Publication(
                new Message(message.exchange(), message.routingKey(), properties, body),
                mandatory));
    }

    private void take(long more) {
        quota.take(more);
        bytes += more;
    }

    void settle(long tag, Delivery delivery, Settlement how) {
        take(SETTLEMENT_BYTES);
        settlements.add(new Settled(tag, delivery, how));
    }

    /** Does all of it as one step, and answers when it is durable. */
    void commit(TxMethod.Commit request, Consumer<Publication> publisher) {
        List<Publication> published = publications;
        List<Settled> settled = settlements;
        long held = bytes;
        bytes = 0;
        forget();
        var _ = link.answer(request, link.connection().host().atomically(() -> {
            published.forEach(publisher);
            settled.forEach(each -> each.how().apply(each.delivery()));
        }), false, done -> new TxMethod.CommitOk())
                .whenComplete((_, _) -> quota.give(held));
    }

    /** Drops what was published; what was settled is to be held again. */
    List<Settled> rollback() {
        List<Settled> taken = settlements;
        forget();
        return taken;
    }

    private void forget() {
        publications = new ArrayList<>();
        settlements = new ArrayList<>();
        quota.give(bytes);
        bytes = 0;
    }
}
