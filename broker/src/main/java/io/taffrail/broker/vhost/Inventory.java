package io.taffrail.broker.vhost;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.queue.Quarantine;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.queue.QueueDepth;
import io.taffrail.broker.queue.QueueType;
import java.util.List;
import java.util.Optional;

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
            int consumers, Optional<String> policy, Optional<Quarantine> quarantine) {}

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

    /** Queues, streams and partitions of topics, by name. */
    List<QueueEntry> queues();

    /** Exchanges, by name; the default exchange has the empty name. */
    List<ExchangeDeclaration> exchanges();

    /** Bindings, by source and destination, without the implicit ones of the default exchange. */
    List<Binding> bindings();
}
