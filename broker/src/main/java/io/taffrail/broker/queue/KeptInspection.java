package io.taffrail.broker.queue;

import io.taffrail.broker.why.Inspected;
import io.taffrail.broker.why.MessageStanding;
import io.taffrail.broker.why.MessageState;
import io.taffrail.broker.why.QueueStanding;
import io.taffrail.broker.why.QueueStanding.Traits;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Snapshots of a stream, which keeps its messages, or of a queue that is closed. */
record KeptInspection(AnyQueue queue) implements Inspected {

    @Override
    public QueueStanding standing() {
        return new QueueStanding(queue.name(), queue.depth().ready(), queue.depth().held(), 0,
                OptionalLong.empty(), false, List.of(), queue.consumerCount(),
                new Traits(true, false, 0), queue.quarantine().map(Quarantine::cause));
    }

    @Override
    public List<MessageState> states(long[] offsets) {
        return Collections.nCopies(offsets.length, MessageState.KEPT);
    }

    @Override
    public Optional<MessageStanding> message(long offset) {
        return Optional.of(new MessageStanding(offset, MessageState.KEPT, 0, 0,
                Optional.empty()));
    }
}
