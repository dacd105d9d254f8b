package io.taffrail.broker.vhost;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.queue.HostTraffic;
import io.taffrail.broker.queue.Quarantine;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.queue.QueueDepth;
import io.taffrail.broker.queue.QueueFigures;
import io.taffrail.broker.queue.QueueType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The current contents of a virtual host. Called on the owner's thread; the lists are copies. */
public interface Inventory {

    /**
     * A queue.
     *
     * @param policy
     *            the name of the user policy that applies to it
     * @param quarantine
     *            set if the queue is quarantined
     */
    record QueueEntry(QueueDeclaration declaration, QueueType type, QueueDepth depth,
            QueueFigures figures, int consumers, Optional<String> policy,
            Optional<Quarantine> quarantine) {

        /** Whether one consumer is served until it leaves. */
        public boolean singleActive() {
            return declaration.arguments().get("x-single-active-consumer")
                    .equals(Optional.of(new FieldValue.Bool(true)));
        }
    }

    /**
     * Traffic of an exchange.
     *
     * @param in
     *            messages published to it
     * @param out
     *            copies of them that were routed to queues
     */
    record ExchangeTraffic(String name, long in, long out) {}

    /** Sums over all queues, streams and partitions of topics. */
    record Totals(int queues, int exchanges, long consumers, long ready, long held) {}

    /** Sums, without the cost of a list. */
    Totals totals();

    /** The names of all queues, in no order. */
    List<String> queueNames();

    /** One queue. */
    Optional<QueueEntry> queue(String name);

    /** One exchange. */
    Optional<ExchangeDeclaration> exchange(String name);

    /** Arrival time of the oldest waiting message of a queue, in milliseconds. */
    OptionalLong oldestReadyMs(String queue);

    /** Counters of the host. */
    HostTraffic traffic();

    /** Traffic of all exchanges, in no order. */
    List<ExchangeTraffic> exchangeTraffic();

    /** Queues, streams and partitions of topics, by name. */
    List<QueueEntry> queues();

    /** Exchanges, by name; the default exchange has the empty name. */
    List<ExchangeDeclaration> exchanges();

    /** Bindings, in no order, without the implicit ones of the default exchange. */
    List<Binding> bindings();

    /** Whether this binding exists. */
    boolean has(Binding binding);
}
