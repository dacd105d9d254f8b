package io.taffrail.broker.vhost;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.schedule.Steps;
import io.taffrail.broker.traffic.MessageEvent;
import io.taffrail.broker.turn.Turn;
import io.taffrail.broker.turn.TurnListener;
import io.taffrail.log.guard.Guard;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The publisher of a channel. It records the messages of each turn, and confirms them when the turn
 * is durable. Owner thread only.
 */
final class LivePublisher implements Publisher {

    /** The messages published in one turn. */
    private final class Batch implements TurnListener {

        private final long firstTag;
        private long lastTag;
        private List<Long> rejected = List.of();
        /** Tags and steps of the messages, as runs of (first tag, first step, count). */
        private long[] runs = new long[3];
        private int runsEnd;

        Batch(long firstTag) {
            this.firstTag = firstTag;
        }

        void published(long tag, int step) {
            lastTag = tag;
            if (runsEnd > 0) {
                long count = runs[runsEnd - 1];
                if (runs[runsEnd - 3] + count == tag && runs[runsEnd - 2] + count == step) {
                    runs[runsEnd - 1]++;
                    return;
                }
            }
            if (runsEnd == runs.length) {
                runs = Arrays.copyOf(runs, 2 * runs.length);
            }
            runs[runsEnd] = tag;
            runs[runsEnd + 1] = step;
            runs[runsEnd + 2] = 1;
            runsEnd += 3;
        }

        void rejected(long tag) {
            if (rejected.isEmpty()) {
                rejected = new ArrayList<>();
            }
            rejected.add(tag);
        }

        @Override
        public void durableWithout(BitSet lost, String detail) {
            guarded(() -> tellWithout(lost));
        }

        private void tellWithout(BitSet lost) {
            Set<Long> before = Set.copyOf(rejected);
            rejected = new ArrayList<>();
            for (int at = 0; at < runsEnd; at += 3) {
                for (int index = 0; index < runs[at + 2]; index++) {
                    long tag = runs[at] + index;
                    if (lost.get((int) runs[at + 1] + index) || before.contains(tag)) {
                        rejected.add(tag);
                    }
                }
            }
            tell();
        }

        @Override
        public void durable() {
            guarded(this::tell);
        }

        private void tell() {
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
            guarded(() -> {
                for (long tag = firstTag; tag <= lastTag && !closed; tag++) {
                    listener.rejected(tag);
                }
            });
        }

        /**
         * Calls the listener unless a call failed before; after a failure no more outcomes are
         * told.
         */
        private void guarded(Runnable news) {
            if (!closed) {
                Guard.run(news, cause -> {
                    closed = true;
                    listener.failed(cause);
                });
            }
        }
    }

    private final Routing routing;
    private final Turn turn;
    private final Steps steps;
    private final ConfirmListener listener;
    private @Nullable UnderWay underWay;
    private @Nullable Batch batch;
    private long turnNumber = -1;
    private boolean closed;

    LivePublisher(Routing routing, Turn turn, Steps steps, ConfirmListener listener) {
        this.routing = routing;
        this.turn = turn;
        this.steps = steps;
        this.listener = listener;
    }

    @Override
    public PublishOutcome publish(long tag, Message message) {
        if (underWay != null) {
            throw new IllegalStateException("a publish of this publisher is under way");
        }
        PublishOutcome outcome;
        int step = turn.beginStep();
        try {
            outcome = publish(tag, message, step);
        } finally {
            turn.endStep();
        }
        if (turn.isFull()) {
            turn.flush();
        }
        return outcome;
    }

    private PublishOutcome publish(long tag, Message message, int step) {
        Message routed = routing.route(message, turn.isMoving());
        if (routing.isUnfinished()) {
            goOnLater(tag, message);
            return PublishOutcome.UNDER_WAY;
        }
        Batch open = batch(tag);
        open.published(tag, step);
        return switch (deliver(open, tag, routed)) {
            case NOWHERE -> PublishOutcome.UNROUTED;
            case STORED -> PublishOutcome.ROUTED;
            case REJECTED -> {
                open.rejected(tag);
                yield PublishOutcome.ROUTED;
            }
        };
    }

    @Override
    public boolean publishTo(long tag, String queue, Message message) {
        int step = turn.beginStep();
        try {
            routing.toQueue(queue, message);
            Batch open = batch(tag);
            open.published(tag, step);
            Routing.Result result = deliver(open, tag, message);
            if (result != Routing.Result.STORED) {
                open.rejected(tag);
            }
            return result == Routing.Result.STORED;
        } finally {
            turn.endStep();
        }
    }

    private void goOnLater(long tag, Message message) {
        LongPublish rest = routing.suspend(message, turn, steps);
        CompletableFuture<PublishOutcome> outcome = rest.begin((step, stored) -> {
            Batch open = batch(tag);
            open.published(tag, step);
            if (!stored) {
                open.rejected(tag);
            }
        });
        underWay = new UnderWay(rest.message(), outcome.whenComplete((_, _) -> underWay = null));
    }

    @Override
    public UnderWay underWay() {
        UnderWay publish = underWay;
        return publish == null ? Publisher.super.underWay() : publish;
    }

    private Routing.Result deliver(Batch open, long tag, Message routed) {
        try {
            return routing.deliver(routed);
        } catch (RuntimeException | Error e) {
            open.rejected(tag);
            throw e;
        }
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
    public void count(MessageEvent event, long number) {
        routing.traffic().published().count(event, number);
    }

    @Override
    public void close() {
        closed = true;
    }
}
