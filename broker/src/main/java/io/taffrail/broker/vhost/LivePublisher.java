package io.taffrail.broker.vhost;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.turn.Turn;
import io.taffrail.broker.turn.TurnListener;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A channel's way in: counts what it published in each turn, to confirm it when that is durable.
 */
final class LivePublisher implements Publisher {

    /** What was published in one turn. */
    private final class Batch implements TurnListener {

        private final long firstTag;
        private long lastTag;
        private List<Long> rejected = List.of();

        Batch(long firstTag) {
            this.firstTag = firstTag;
        }

        @Override
        public void durable() {
            if (closed) {
                return;
            }
            long confirmed = lastTag;
            for (long tag : rejected) {
                listener.rejected(tag);
            }
            for (int index = rejected.size() - 1; index >= 0
                    && rejected.get(index) == confirmed; index--) {
                confirmed--;
            }
            if (confirmed >= firstTag) {
                listener.confirmed(confirmed);
            }
        }

        @Override
        public void failed(String detail) {
            for (long tag = firstTag; tag <= lastTag && !closed; tag++) {
                listener.rejected(tag);
            }
        }
    }

    private final Routing routing;
    private final Turn turn;
    private final ConfirmListener listener;
    private @Nullable Batch batch;
    private long turnNumber = -1;
    private boolean closed;

    LivePublisher(Routing routing, Turn turn, ConfirmListener listener) {
        this.routing = routing;
        this.turn = turn;
        this.listener = listener;
    }

    @Override
    public PublishOutcome publish(long tag, Message message) {
        Message routed = routing.route(message);
        Batch open = batch(tag);
        open.lastTag = tag;
        PublishOutcome outcome = PublishOutcome.UNROUTED;
        switch (routing.deliver(routed)) {
            case NOWHERE -> {
            }
            case STORED -> outcome = PublishOutcome.ROUTED;
            case REJECTED -> {
                outcome = PublishOutcome.ROUTED;
                if (open.rejected.isEmpty()) {
                    open.rejected = new ArrayList<>();
                }
                open.rejected.add(tag);
            }
        }
        if (turn.isFull()) {
            turn.flush();
        }
        return outcome;
    }

    private Batch batch(long tag) {
        Batch open = batch;
        if (open == null || turnNumber != turn.number()) {
            turnNumber = turn.number();
            open = new Batch(tag);
            batch = open;
            turn.listen(open);
        }
        return open;
    }

    @Override
    public void close() {
        closed = true;
    }
}
