package io.taffrail.broker.vhost;

import io.taffrail.broker.deadletter.LostLetters;
import io.taffrail.broker.outbox.OutboxWriter;
import io.taffrail.broker.outbox.Outboxes;
import io.taffrail.broker.topic.TopicHosting;
import io.taffrail.broker.turn.Turn;
import io.taffrail.log.spi.Owner;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What virtual hosts go by.
 *
 * @param consumerTimeoutMs
 *            how long a consumer may hold a delivery where its queue does not say; 0: for ever
 * @param topics
 *            where queues are shown as topics and topics come from, or null for a world of queues
 *            alone
 * @param outboxes
 *            ways to logs of other owners, or null where there are none
 */
public record HostOptions(long consumerTimeoutMs, @Nullable TopicHosting topics,
        @Nullable Outboxes outboxes) {

    /** Counts what is dropped on its way. */
    LostLetters lost() {
        Outboxes all = outboxes;
        return all == null ? new LostLetters() : all.lost();
    }

    /** The way of these turns to logs of other owners. */
    Optional<OutboxWriter> outbox(Owner owner, Turn turn) {
        Outboxes all = outboxes;
        return all == null ? Optional.empty() : all.writer(owner, turn);
    }
}
