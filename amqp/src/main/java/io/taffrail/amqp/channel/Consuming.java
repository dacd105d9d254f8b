package io.taffrail.amqp.channel;

import io.taffrail.amqp.codec.AmqpException;
import io.taffrail.amqp.codec.BasicMethod;
import io.taffrail.amqp.codec.ReplyCode;
import io.taffrail.broker.message.ByteText;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.ConsumerOptions;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.queue.Getter;
import io.taffrail.broker.queue.Prefetch;
import io.taffrail.broker.queue.Subscription;
import io.taffrail.broker.traffic.ConsumerReport;
import io.taffrail.broker.traffic.MessageEvent;
import io.taffrail.broker.user.Permission;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.log.guard.Guard;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Consumers of a channel, their prefetch limits, and {@code basic.get}.
 * On the connection's loop only.
 */
final class Consuming {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int TAG_BYTES = 16;

    private final ChannelLink link;
    private final Declarations declarations;
    private final Settling settling;
    private final Replying replying;
    private final VirtualHost host;
    private final int mostUnsettled;
    private final Map<String, ChannelConsumer> consumers = new LinkedHashMap<>();
    /** Unsettled messages of {@code basic.get}; they do not count towards a prefetch limit. */
    private final GetHolder gets;
    /**
     * Prefetch of each new consumer, from {@code basic.qos} with {@code global=false}; 0 for none.
     */
    private int consumerLimit;
    /**
     * Prefetch of all consumers together, from {@code basic.qos} with {@code global=true}; without
     * one, the limit of unsettled deliveries of a channel.
     */
    private final Prefetch channelLimit;

    Consuming(ChannelLink link, Declarations declarations, Settling settling,
            Replying replying) {
        this.link = link;
        this.declarations = declarations;
        this.settling = settling;
        this.replying = replying;
        this.gets = new GetHolder(List.of(),
                limitMs -> link.guarded(() -> link.timedOut(limitMs)));
        this.host = link.connection().host();
        this.mostUnsettled = link.connection().limits().maxUnsettled();
        this.channelLimit = Prefetch.shared(mostUnsettled);
    }

    void qos(BasicMethod.Qos qos) {
        if (qos.prefetchSizeBytes() != 0) {
            throw new AmqpException(ReplyCode.NOT_IMPLEMENTED,
                    "prefetch_size!=0 (" + qos.prefetchSizeBytes() + ")");
        }
        if (qos.global()) {
            channelLimit.limit(qos.prefetchCount() == 0 ? mostUnsettled : qos.prefetchCount());
        } else {
            consumerLimit = qos.prefetchCount();
        }
        link.send(new BasicMethod.QosOk());
    }

    void consume(BasicMethod.Consume consume) {
        String tag = consume.consumerTag().isEmpty() ? newTag() : consume.consumerTag();
        if (consumers.containsKey(tag) || replying.has(tag)) {
            throw new AmqpException(ReplyCode.NOT_ALLOWED,
                    "attempt to reuse consumer tag '" + tag + "'");
        }
        if (DirectReplies.isReply(consume.queue())) {
            replying.consume(consume, tag);
            return;
        }
        String queue = declarations.named(consume.queue());
        link.connection().access().queue(Permission.READ, queue);
        List<Prefetch> limits = new ArrayList<>(2);
        if (consumerLimit > 0) {
            limits.add(new Prefetch(consumerLimit));
        }
        limits.add(channelLimit);
        ConsumerOptions options = new ConsumerOptions(tag, link.connection().session(),
                !consume.noAck(), consume.exclusive(), List.copyOf(limits), consume.arguments());
        ChannelConsumer consumer = new ChannelConsumer(link, settling, queue, options,
                this::ended);
        CompletableFuture<Subscription> subscribed = host
                .consume(queue, options, consumer);
        consumers.put(tag, consumer);
        link.connection().memory().add(consumer.bytes());
        link.answerFirst(consume, subscribed.thenApply(subscription -> {
            started(consumer, subscription);
            return subscription;
        }), consume.noWait(), subscription -> new BasicMethod.ConsumeOk(tag));
    }

    private void started(ChannelConsumer consumer, Subscription subscription) {
        if (link.isOpen() && consumers.get(consumer.tag()) == consumer) {
            link.connection().memory().add(consumer.subscribed(subscription));
        } else {
            subscription.close();
        }
    }

    void cancel(BasicMethod.Cancel cancel) {
        replying.cancel(cancel.consumerTag());
        ChannelConsumer consumer = consumers.remove(cancel.consumerTag());
        if (consumer != null) {
            link.connection().memory().remove(consumer.bytes());
        }
        Runnable answer = () -> link.guarded(() -> {
            if (!cancel.noWait()) {
                link.send(new BasicMethod.CancelOk(cancel.consumerTag()));
            }
        });
        if (consumer == null) {
            answer.run();
        } else {
            consumer.cancel(answer);
        }
    }

    /**
     * Checks that the user may still read from every queue the channel consumes from.
     *
     * @throws io.taffrail.broker.BrokerException
     *             ACCESS_REFUSED if not
     */
    void checkRights() {
        consumers.values().forEach(consumer -> link.connection().access()
                .queue(Permission.READ, consumer.queue()));
    }

    private void ended(ChannelConsumer consumer) {
        if (consumers.remove(consumer.tag(), consumer)) {
            link.connection().memory().remove(consumer.bytes());
            if (link.connection().notifiesOfCancel()) {
                link.send(new BasicMethod.Cancel(consumer.tag(), true));
            }
        }
    }

    /** Adds prefetch limits and consumers to the report of the channel. */
    List<ConsumerReport> report(Map<String, Object> facts) {
        facts.put("consumer_count", consumers.size());
        facts.put("prefetch_count", consumerLimit);
        facts.put("global_prefetch_count",
                channelLimit.limitsSeveral() ? channelLimit.limit() : 0);
        return consumers.values().stream().map(ChannelConsumer::report).toList();
    }

    void get(BasicMethod.Get get) {
        link.connection().access().queue(Permission.READ, declarations.named(get.queue()));
        Getter getter = new Getter() {
            @Override
            public void got(Delivery delivery, StoredMessage message, long left) {
                link.guarded(() -> received(get, delivery, message, left));
            }

            @Override
            public void empty() {
                link.counts().count(MessageEvent.GOT_NOTHING);
                link.guarded(() -> link.send(new BasicMethod.GetEmpty("")));
            }
        };
        // The next request could ask for as much memory again, so it waits for this one's answer.
        link.answerFirst(get,
                host.get(declarations.named(get.queue()), link.connection().session(),
                        get.noAck() ? Optional.empty() : Optional.of(gets), getter),
                true, done -> get);
    }

    private void received(BasicMethod.Get get, Delivery delivery, StoredMessage message,
            long left) {
        if (!link.isOpen()) {
            delivery.requeue();
            return;
        }
        long tag = settling.nextTag();
        link.counts().count(get.noAck() ? MessageEvent.GOT_SETTLED : MessageEvent.GOT);
        if (delivery.redelivered()) {
            link.counts().count(MessageEvent.REDELIVERED);
        }
        if (!get.noAck()) {
            settling.add(tag, delivery);
        }
        link.connection().output().content(link.number(),
                new BasicMethod.GetOk(tag, delivery.redelivered(), text(message.exchange()),
                        text(message.routingKey()), left),
                message.properties(), message.body());
    }

    private static String text(ByteBuffer bytes) {
        return ByteText.of(bytes);
    }

    private static String newTag() {
        byte[] random = new byte[TAG_BYTES];
        RANDOM.nextBytes(random);
        return "amq.ctag-" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** Ends every subscription and requeues the unsettled deliveries. */
    void close() {
        List<ChannelConsumer> all = List.copyOf(consumers.values());
        consumers.clear();
        all.forEach(consumer -> link.connection().memory().remove(consumer.bytes()));
        replying.close();
        gets.close();
        all.forEach(consumer -> Guard.run("AMQ-008", "a consumer that ends", consumer::close));
    }
}
