package io.taffrail.amqp.channel;

import io.taffrail.amqp.codec.AmqpException;
import io.taffrail.amqp.codec.ExchangeMethod;
import io.taffrail.amqp.codec.QueueMethod;
import io.taffrail.amqp.codec.ReplyCode;
import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.queue.QueueStatus;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.vhost.VirtualHost;
import java.util.concurrent.CompletableFuture;

/**
 * Methods of the classes exchange and queue: declare, bind, unbind, purge and delete.
 * On the connection's loop only.
 */
final class Declarations {

    private final ChannelLink link;
    private final Replying replying;
    private final VirtualHost host;
    private final Session session;
    private final Rights rights;
    /**
     * Queue declared last on this channel, which an empty name stands for (AMQP 0-9-1 §1.7.2.1).
     */
    private String lastQueue = "";

    Declarations(ChannelLink link, Replying replying) {
        this.link = link;
        this.replying = replying;
        this.host = link.connection().host();
        this.session = link.connection().session();
        this.rights = new Rights(link.connection());
    }

    void handle(ExchangeMethod method) {
        rights.check(method);
        switch (method) {
            case ExchangeMethod.Declare m -> link.answerFirst(m, declared(m), m.noWait(),
                    done -> new ExchangeMethod.DeclareOk());
            case ExchangeMethod.Delete m -> link.answerFirst(m,
                    host.deleteExchange(m.exchange(), m.ifUnused()), m.noWait(),
                    done -> new ExchangeMethod.DeleteOk());
            case ExchangeMethod.Bind m -> link.answerFirst(m,
                    host.bind(new Binding(m.source(), m.destination(), false, m.routingKey(),
                            m.arguments()), session),
                    m.noWait(), done -> new ExchangeMethod.BindOk());
            case ExchangeMethod.Unbind m -> link.answerFirst(m,
                    host.unbind(new Binding(m.source(), m.destination(), false, m.routingKey(),
                            m.arguments()), session),
                    m.noWait(), done -> new ExchangeMethod.UnbindOk());
            case ExchangeMethod.DeclareOk _,ExchangeMethod.DeleteOk _,ExchangeMethod.BindOk _,ExchangeMethod.UnbindOk _ ->
                throw Errors.unimplemented();
        }
    }

    private CompletableFuture<Void> declared(ExchangeMethod.Declare wanted) {
        return wanted.passive()
                ? host.checkExchange(wanted.exchange())
                : host.declareExchange(new ExchangeDeclaration(wanted.exchange(), wanted.type(),
                        wanted.durable(), wanted.autoDelete(), wanted.internal(),
                        wanted.arguments()));
    }

    void handle(QueueMethod method) {
        rights.check(method, this::named);
        switch (method) {
            case QueueMethod.Declare m when DirectReplies.isReply(m.queue()) -> replying.declare(m);
            case QueueMethod.Declare m -> link.answerFirst(m, declared(m), m.noWait(),
                    status -> new QueueMethod.DeclareOk(status.name(), status.ready(),
                            status.consumers()));
            case QueueMethod.Bind m -> bind(m);
            case QueueMethod.Unbind m -> link.answerFirst(m,
                    host.unbind(binding(m.exchange(), m.queue(), m.routingKey(), m), session),
                    false, done -> new QueueMethod.UnbindOk());
            case QueueMethod.Purge m -> link.answerFirst(m,
                    host.purgeQueue(named(m.queue()), session), m.noWait(),
                    QueueMethod.PurgeOk::new);
            case QueueMethod.Delete m -> link.answerFirst(m,
                    host.deleteQueue(named(m.queue()), session, m.ifUnused(), m.ifEmpty()),
                    m.noWait(), QueueMethod.DeleteOk::new);
            case QueueMethod.DeclareOk _,QueueMethod.BindOk _,QueueMethod.PurgeOk _,QueueMethod.DeleteOk _,QueueMethod.UnbindOk _ ->
                throw Errors.unimplemented();
        }
    }

    private CompletableFuture<QueueStatus> declared(QueueMethod.Declare wanted) {
        CompletableFuture<QueueStatus> status = wanted.passive()
                ? host.checkQueue(named(wanted.queue()), session)
                : host.declareQueue(new QueueDeclaration(wanted.queue(), wanted.durable(),
                        wanted.exclusive(), wanted.autoDelete(), wanted.arguments()), session);
        return status.thenApply(found -> {
            lastQueue = found.name();
            return found;
        });
    }

    private void bind(QueueMethod.Bind m) {
        // If queue name and routing key are both empty, the routing key is the queue's name.
        String key = m.queue().isEmpty() && m.routingKey().isEmpty()
                ? named("")
                : m.routingKey();
        link.answerFirst(m, host.bind(new Binding(m.exchange(), named(m.queue()), true, key,
                m.arguments()), session), m.noWait(), done -> new QueueMethod.BindOk());
    }

    private Binding binding(String exchange, String queue, String key, QueueMethod.Unbind m) {
        return new Binding(exchange, named(queue), true, key, m.arguments());
    }

    /** Resolves a queue name; the empty name is the queue declared last on this channel. */
    String named(String queue) {
        if (!queue.isEmpty()) {
            return queue;
        }
        if (lastQueue.isEmpty()) {
            throw new AmqpException(ReplyCode.NOT_FOUND, "no previously declared queue");
        }
        return lastQueue;
    }
}
