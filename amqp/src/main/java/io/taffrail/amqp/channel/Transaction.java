package io.taffrail.amqp.channel;

import io.taffrail.amqp.codec.TxMethod;
import io.taffrail.amqp.memory.Quota;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.Settlement;
import io.taffrail.broker.vhost.Commit;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

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
    /** The commit whose atomic step has not begun, or null. */
    private @Nullable Committing committing;

    Transaction(ChannelLink link) {
        this.link = link;
        this.quota = link.connection().transactions();
    }

    boolean isOpen() {
        return selected;
    }

    /** Number of messages that wait for the commit. */
    int messages() {
        return publications.size();
    }

    /** Number of settlements that wait for the commit. */
    int settlements() {
        return settlements.size();
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
     * Publishes and settles everything as one atomic step; {@code commit-ok} is sent when it is
     * durable. A large transaction is collected in several tasks first; later frames are processed
     * after the atomic step.
     */
    void commit(TxMethod.Commit request, Publishing publishing) {
        Committing now = new Committing(publications, settlements, publishing);
        committing = now;
        long held = bytes;
        bytes = 0;
        forget();
        CompletableFuture<Void> durable = link.connection().host().commit(now)
                .whenComplete((_, _) -> quota.give(held));
        if (now.begun) {
            var _ = link.answer(request, durable, false, _ -> new TxMethod.CommitOk());
        } else {
            link.answerFirst(request, durable, false, _ -> new TxMethod.CommitOk());
        }
    }

    /** A commit, from the request until its atomic step. */
    private final class Committing implements Commit {

        private final List<Publication> publications;
        private final List<Publication> replies = new ArrayList<>(0);
        private final List<Message> messages;
        private final List<Settled> settled;
        private final Publishing publishing;
        private boolean cancelled;
        private boolean begun;

        Committing(List<Publication> published, List<Settled> settled, Publishing publishing) {
            this.publications = new ArrayList<>(published.size());
            this.messages = new ArrayList<>(published.size());
            for (Publication each : published) {
                if (publishing.isReply(each.message())) {
                    replies.add(each);
                } else {
                    publications.add(each);
                    messages.add(each.message());
                }
            }
            this.settled = settled;
            this.publishing = publishing;
        }

        @Override
        public List<Message> messages() {
            return messages;
        }

        @Override
        public void unrouted(int index) {
            publishing.unrouted(messages.get(index), publications.get(index).mandatory());
        }

        @Override
        public void settle() {
            begun = true;
            committing = null;
            replies.forEach(each -> publishing.reply(each.message(), each.mandatory()));
            settled.forEach(each -> each.how().apply(each.delivery()));
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }
    }

    /**
     * Drops the published messages, and cancels a commit whose atomic step has not begun; returns
     * the settlements, whose deliveries become unsettled again.
     */
    List<Settled> rollback() {
        Committing under = committing;
        List<Settled> taken = settlements;
        if (under != null) {
            under.cancelled = true;
            committing = null;
            taken = new ArrayList<>(under.settled);
            taken.addAll(settlements);
        }
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
