package io.taffrail.simulation.queue;

import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.queue.Getter;
import io.taffrail.simulation.queue.PassingQueue.Known;
import io.taffrail.simulation.world.Violation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A check of a {@link PassingQueue}: takes every message and compares. No other
 * client is connected.
 */
final class PassingCheck {

    private final QueueMachine machine;
    private final PassingQueue queue;

    PassingCheck(QueueMachine machine, PassingQueue queue) {
        this.machine = machine;
        this.queue = queue;
    }

    void take() {
        queue.found(machine.ask("whether a queue is there", this::isThere));
        if (queue.there() != Known.YES) {
            return;
        }
        Census.barrier(machine, () -> {});
        List<Integer> found = new ArrayList<>();
        boolean left = true;
        while (left) {
            int before = found.size();
            var _ = machine.ask("a message", () -> get(found));
            left = found.size() > before;
        }
        if (queue.limited() == Known.YES && found.size() > PassingClient.MOST) {
            throw new Violation("a queue keeps to its limit", queue + " held " + found);
        }
        queue.taken(found);
        Census.barrier(machine, () -> {});
        queue.emptied();
    }

    private CompletableFuture<Boolean> isThere() {
        return machine.host().checkQueue(queue.name(), machine.session())
                .handle((_, failure) -> failure == null);
    }

    private CompletableFuture<Void> get(List<Integer> found) {
        Optional<GetHolder> none = Optional.empty();
        return machine.host().get(queue.name(), machine.session(), none, new Getter() {
            @Override
            public void got(Delivery delivery, StoredMessage message, long left) {
                found.add(Integer.parseInt(
                        StandardCharsets.UTF_8.decode(message.body()).toString()));
            }

            @Override
            public void empty() {
                // The queue is empty: the check has all messages.
            }
        });
    }
}
