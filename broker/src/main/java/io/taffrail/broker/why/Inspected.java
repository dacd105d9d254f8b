package io.taffrail.broker.why;

import java.util.List;
import java.util.Optional;

/** Snapshots of one queue for its operator. Owner thread only. */
public interface Inspected {

    /** The queue and its consumers as they stand. */
    QueueStanding standing();

    /** The states of the messages at these offsets. */
    List<MessageState> states(long[] offsets);

    /** One message as it stands; empty if there is none at the offset. */
    Optional<MessageStanding> message(long offset);
}
