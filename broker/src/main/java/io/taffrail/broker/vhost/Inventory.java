package io.taffrail.broker.vhost;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.queue.Quarantine;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.queue.QueueDepth;
import io.taffrail.broker.queue.QueueType;
import java.util.List;
import java.util.Optional;

/** What a virtual host consists of at the moment. On the owner's thread; the lists are copies. */
public interface Inventory {

    /**
     * A queue.
     *
     * @param policy
     *            the name of the policy that holds for it, of those users set
     * @param quarantine
     *            why it is out of use, if it is
     */
    record QueueEntry(QueueDeclaration declaration, QueueType type, QueueDepth depth,
            int consumers, Optional<String> policy, Optional<Quarantine> quarantine) {}

    /** Its queues, streams and partitions of topics, by name. */
    List<QueueEntry> queues();

    /** Its exchanges, by name; the default exchange has none. */
    List<ExchangeDeclaration> exchanges();

    /**
     * Its bindings, by source and destination; without those every queue has to the default
     * exchange.
     */
    List<Binding> bindings();
}
