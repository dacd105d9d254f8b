package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.AckCursor;
import io.taffrail.broker.why.ConsumerStanding;
import io.taffrail.broker.why.ConsumerStanding.Block;
import io.taffrail.broker.why.Inspected;
import io.taffrail.broker.why.MessageStanding;
import io.taffrail.broker.why.MessageState;
import io.taffrail.broker.why.QueueStanding;
import io.taffrail.broker.why.QueueStanding.Traits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Snapshots of a queue for its operator. Nothing is read from the disk, and the work is bounded by
 * the number of consumers and of deliveries that they hold. Owner thread only.
 */
final class QueueInspection implements Inspected {

    /** Number of held deliveries among which the holder of a message is looked for. */
    private static final int MOST_HELD = 65_536;

    private final Queue queue;
    private final Ready ready;
    private final AckCursor cursor;
    private final Consumers consumers;
    private final Discards discards;
    private final long end;
    private final boolean requeueing;

    /**
     * @param end
     *            first offset behind the queue's messages
     * @param requeueing
     *            whether a requeue of many messages is under way
     */
    QueueInspection(Queue queue, Ready ready, AckCursor cursor, Consumers consumers,
            Discards discards, long end, boolean requeueing) {
        this.queue = queue;
        this.ready = ready;
        this.cursor = cursor;
        this.consumers = consumers;
        this.discards = discards;
        this.end = end;
        this.requeueing = requeueing;
    }

    @Override
    public QueueStanding standing() {
        QueueDepth depth = queue.depth();
        List<ConsumerStanding> listed = consumers.all().stream()
                .limit(QueueStanding.MOST_CONSUMERS).map(this::consumer).toList();
        return new QueueStanding(queue.name(), depth.ready(), depth.held(), discards.count(),
                head(), requeueing, listed, consumers.size(),
                new Traits(false, queue.settings().singleActive(),
                        queue.settings().maxPriority()),
                queue.quarantine().map(Quarantine::cause));
    }

    private OptionalLong head() {
        if (ready.count() == 0 || queue.settings().maxPriority() > 0) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(cursor.hasReturned() ? cursor.firstReturned() : ready.position());
    }

    private ConsumerStanding consumer(ConsumerLink link) {
        return link.standing(consumers.isActive(link));
    }

    @Override
    public List<MessageState> states(long[] offsets) {
        List<MessageState> states = new ArrayList<>(offsets.length);
        for (long offset : offsets) {
            states.add(state(offset));
        }
        return states;
    }

    private MessageState state(long offset) {
        if (cursor.isSettled(offset)) {
            return MessageState.SETTLED;
        }
        if (ready.isLost(offset)) {
            return MessageState.DAMAGED;
        }
        if (cursor.isReturned(offset)) {
            return MessageState.REQUEUED;
        }
        if (discards.contains(offset)) {
            return MessageState.DEAD_LETTER_WAITS;
        }
        return ready.isReady(offset) ? MessageState.READY : MessageState.HELD;
    }

    @Override
    public Optional<MessageStanding> message(long offset) {
        if (offset < 0 || offset >= end) {
            return Optional.empty();
        }
        MessageState state = state(offset);
        long ahead = switch (state) {
            case READY -> queue.settings().maxPriority() > 0
                    ? ready.count() - 1
                    : cursor.returnedCount() + offset - ready.position();
            case REQUEUED -> cursor.returnedBefore(offset);
            case HELD, DEAD_LETTER_WAITS, SETTLED, DAMAGED, KEPT -> 0;
        };
        return Optional.of(new MessageStanding(offset, state, cursor.count(offset),
                Math.max(0, ahead), state == MessageState.HELD
                        ? holder(offset)
                        : Optional.empty()));
    }

    private Optional<ConsumerStanding> holder(long offset) {
        int left = MOST_HELD;
        for (ConsumerLink link : consumers.all()) {
            if (link.holds(offset, left)) {
                return Optional.of(consumer(link));
            }
            left -= link.heldCount();
            if (left <= 0) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** The reason for which a consumer takes no message now. */
    static Block block(ConsumerLink link, boolean active, boolean reads) {
        if (link.isLeaving()) {
            return Block.LEAVING;
        }
        if (!active) {
            return Block.NOT_ACTIVE;
        }
        if (link.isFull()) {
            return Block.PREFETCH_FULL;
        }
        return reads ? Block.NONE : Block.NOT_READING;
    }
}
