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
 * Messages published and deliveries settled on a transactional channel since the last commit.
 * Unlike in RabbitMQ, a commit is atomic over all queues: after a crash, all of it or none of it
 * has happened. On the connection's loop only.
 */
final class Transaction {

    /** A message to publish at the commit. */
    record Publication(Message message, boolean mandatory) {}

    /** A delivery, and how to settle it at the commit. */
    record Settled(long tag, Delivery delivery, Settlement how) {}

    /** Approximate memory of a stored message beside its body and properties. */
    private static final int PUBLICATION_BYTES = 300;
    /** Approximate memory of a stored settlement. */
    private static final int SETTLEMENT_BYTES = 40;

    private final ChannelLink link;
    private boolean selected;
    private List<Publication> publications = new ArrayList<>();
    private List<Settled> settlements = new ArrayList<>();
    /** Bytes taken from the quota, for messages and the objects that hold them. */
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

    /** Stores a copy of the message until the commit or rollback. */
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

    /**
     * Publishes and settles everything as one atomic step; {@code commit-ok} is sent
     * when it is durable.
     */
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

    /**
     * Drops the published messages; returns the settlements, whose deliveries
     * become unsettled again.
     */
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
