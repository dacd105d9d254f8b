package io.taffrail.broker.move;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.queue.Getter;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.vhost.ConfirmListener;
import io.taffrail.broker.vhost.HostCalls;
import io.taffrail.broker.vhost.Publisher;
import io.taffrail.broker.vhost.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One move of messages, from the head of a queue on. Up to {@value #BATCH} messages are stored in
 * their targets and settled in the queue by one atomic step:
 * after a crash each is in one of the two. Messages that stay, and those that a target refuses,
 * return to their places at the end; until then they are held,
 * and messages behind them may be delivered first. Used by one thread, which may block.
 */
public final class MessageMove {

    /** Most messages that one move looks at. */
    public static final int MOST = 10_000;

    private static final int BATCH = 64;
    private static final int BATCH_BYTES = 1 << 20;
    private static final Session SESSION = new Session("move of messages");

    /**
     * The outcome of a move.
     *
     * @param stayed
     *            messages that the plan left where they were
     * @param refused
     *            messages whose target does not exist or did not take them
     * @param complete
     *            whether the whole queue was looked at
     */
    public record Outcome(long moved, long stayed, long refused, boolean complete) {}

    private record Planned(HeldMessage message, MoveTarget target) {}

    private final VirtualHost host;
    private final String queue;
    private final MovePlan plan;
    private final GetHolder holder = new GetHolder(List.of());
    private long moved;
    private long stayed;
    private long refused;
    private boolean complete;

    /** Creates a move out of a queue, which must be neither a stream nor missing. */
    public MessageMove(VirtualHost host, String queue, MovePlan plan) {
        this.host = host;
        this.queue = queue;
        this.plan = plan;
    }

    /** Moves up to {@code most} messages. */
    public Outcome run(long most) {
        try {
            while (moved < most && looked() < MOST && !complete) {
                move(batch(most - moved));
            }
        } finally {
            CompletableFuture<Boolean> back = HostCalls.in(host, _ -> {
                holder.putBack();
                return CompletableFuture.completedFuture(true);
            });
            var _ = back.join();
        }
        return new Outcome(moved, stayed, refused, complete);
    }

    private long looked() {
        return moved + stayed + refused;
    }

    /** Takes messages until enough of them are to be moved. */
    private List<Planned> batch(long most) {
        List<Planned> batch = new ArrayList<>();
        long bytes = 0;
        while (batch.size() < Math.min(most, BATCH) && bytes < BATCH_BYTES
                && looked() + batch.size() < MOST) {
            Optional<HeldMessage> taken = take();
            if (taken.isEmpty()) {
                complete = true;
                break;
            }
            HeldMessage message = taken.get();
            Optional<MoveTarget> target = plan.target(message);
            if (target.isEmpty()) {
                stayed++;
            } else {
                batch.add(new Planned(message, target.get()));
                bytes += message.body().remaining();
            }
        }
        return batch;
    }

    private Optional<HeldMessage> take() {
        CompletableFuture<Optional<HeldMessage>> taken = new CompletableFuture<>();
        CompletableFuture<Void> asked = HostCalls.in(host,
                it -> it.get(queue, SESSION, Optional.of(holder), new Getter() {
                    @Override
                    public void got(Delivery delivery, StoredMessage message, long left) {
                        taken.complete(Optional.of(HeldMessage.of(delivery, message)));
                    }

                    @Override
                    public void empty() {
                        taken.complete(Optional.empty());
                    }
                }));
        return asked.thenCombine(taken, (_, message) -> message).join();
    }

    private void move(List<Planned> batch) {
        if (batch.isEmpty()) {
            return;
        }
        boolean[] stored = new boolean[batch.size()];
        CompletableFuture<Void> done = HostCalls.in(host, it -> it.atomically(() -> {
            Publisher publisher = it.publisher(ConfirmListener.NOBODY);
            for (int index = 0; index < stored.length; index++) {
                stored[index] = move(publisher, index + 1, batch.get(index));
            }
            publisher.close();
        }));
        var _ = done.join();
        for (boolean each : stored) {
            if (each) {
                moved++;
            } else {
                refused++;
            }
        }
    }

    private static boolean move(Publisher publisher, int tag, Planned planned) {
        if (planned.message().delivery().isSettled()) {
            return false;
        }
        MoveTarget target = planned.target();
        boolean stored = publisher.publishTo(tag, target.queue(), new Message(target.exchange(),
                target.routingKey(), target.properties(), planned.message().body()));
        if (stored) {
            planned.message().delivery().accept();
        }
        return stored;
    }
}
