package io.taffrail.amqp.channel;

import io.taffrail.amqp.codec.AmqpException;
import io.taffrail.amqp.codec.ReplyCode;
import io.taffrail.amqp.codec.TxMethod;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.queue.Delivery;
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
    record Settled(long tag, Delivery delivery, Settling.Settlement how) {}

    private final ChannelLink link;
    private boolean selected;
    private List<Publication> publications = new ArrayList<>();
    private List<Settled> settlements = new ArrayList<>();
    private long bytes;

    Transaction(ChannelLink link) {
        this.link = link;
    }

    boolean isOpen() {
        return selected;
    }

    void select() {
        selected = true;
    }

    /** Keeps a copy of a message until the commit. */
    void publish(Message message, boolean mandatory) {
        bytes += message.body().remaining() + message.properties().section().remaining();
        int most = link.connection().limits().maxTransactionBytes();
        if (bytes > most) {
            throw new AmqpException(ReplyCode.RESOURCE_ERROR,
                    "a transaction holds more than " + most + " bytes");
        }
        ByteBuffer body = ByteBuffer.allocate(message.body().remaining());
        body.put(message.body().duplicate()).flip();
        Properties properties = message.properties().copy();
        publications.add(new Publication(
                new Message(message.exchange(), message.routingKey(), properties, body),
                mandatory));
    }

    void settle(long tag, Delivery delivery, Settling.Settlement how) {
        settlements.add(new Settled(tag, delivery, how));
    }

    /** Does all of it as one step, and answers when it is durable. */
    void commit(TxMethod.Commit request, Consumer<Publication> publisher) {
        List<Publication> published = publications;
        List<Settled> settled = settlements;
        forget();
        var _ = link.answer(request, link.connection().host().atomically(() -> {
            published.forEach(publisher);
            settled.forEach(each -> each.how().apply(each.delivery()));
        }), false, done -> new TxMethod.CommitOk());
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
        bytes = 0;
    }
}
