package io.taffrail.simulation.queue;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.pattern.NamePattern;
import io.taffrail.broker.policy.ApplyTo;
import io.taffrail.broker.policy.Policy;
import io.taffrail.broker.policy.PolicyKind;
import io.taffrail.broker.vhost.ConfirmListener;
import io.taffrail.broker.vhost.PublishOutcome;
import io.taffrail.broker.vhost.Publisher;
import io.taffrail.simulation.queue.PassingQueue.Known;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.Violation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The client that declares, deletes and fills a {@link PassingQueue} in one life.
 * Owner's thread only.
 */
final class PassingClient implements ConfirmListener {

    static final int MOST = 3;
    /** Size of that many bodies in bytes. */
    static final int MOST_BYTES = MOST * PassingClient.BODY_BYTES;
    private static final int BODY_BYTES = 8;

    private record Asked(int message, int incarnation) {}

    private final QueueMachine machine;
    private final PassingQueue queue;
    private final Publisher publisher;
    private final NavigableMap<Long, Asked> unanswered = new TreeMap<>();
    private long tag;
    private boolean idle = true;

    PassingClient(QueueMachine machine, PassingQueue queue) {
        this.machine = machine;
        this.queue = queue;
        this.publisher = machine.host().publisher(this);
    }

    boolean isAnswered() {
        return idle && unanswered.isEmpty();
    }

    void something(Dice dice) {
        if (!idle) {
            return;
        }
        if (queue.there() != Known.YES) {
            declare();
            return;
        }
        switch (dice.below(13)) {
            case 0 -> delete();
            case 1, 2 -> bind();
            case 3 -> limit(dice.flip());
            case 4, 5, 6 -> publishByBinding();
            case 7 -> purge();
            default -> publish("");
        }
    }

    private void declare() {
        queue.declares();
        ask("declare", machine.host().declareQueue(queue.declaration(), machine.session()),
                () -> queue.found(true));
    }

    private void delete() {
        queue.deletes();
        ask("delete", machine.host().deleteQueue(queue.name(), machine.session(), false, false),
                () -> queue.found(false), queue::deleteFailed);
    }

    private void purge() {
        int last = queue.purges();
        ask("purge", machine.host().purgeQueue(queue.name(), machine.session()),
                () -> queue.purged(last));
    }

    private void bind() {
        boolean binds = queue.bound() != Known.YES;
        queue.bound(Known.MAYBE);
        ask(binds ? "bind" : "unbind", binds
                ? machine.host().bind(queue.binding(), machine.session())
                : machine.host().unbind(queue.binding(), machine.session()),
                () -> queue.bound(binds ? Known.YES : Known.NO));
    }

    private void limit(boolean byBytes) {
        boolean sets = queue.limited() != Known.YES;
        queue.limited(Known.MAYBE);
        FieldTable definition = FieldTable.of(byBytes
                ? Map.of("max-length-bytes", new FieldValue.Int32(MOST_BYTES))
                : Map.of("max-length", new FieldValue.Int32(MOST)));
        // The policy may exist or not, so it is set before it is cleared.
        Policy policy = new Policy(queue.name(), NamePattern.of("^" + queue.name() + "$"),
                ApplyTo.QUEUES, 0, definition);
        ask(sets ? "limit" : "unlimit", sets
                ? machine.host().policies().set(PolicyKind.USER, policy)
                : machine.host().policies().clear(PolicyKind.USER, queue.name()),
                () -> queue.limited(sets ? Known.YES : Known.NO));
    }

    private void ask(String what, CompletableFuture<?> answer, Runnable done) {
        ask(what, answer, done, () -> {});
    }

    private void ask(String what, CompletableFuture<?> answer, Runnable done, Runnable failing) {
        idle = false;
        machine.trace().event(what, queue.toString(), 0, 0);
        Consumer<Throwable> failed = failure -> requireCause(what + ": " + failure);
        var _ = answer.whenComplete((_, failure) -> {
            idle = true;
            if (machine.isOver()) {
                return;
            }
            machine.trace().event(what + (failure == null ? " done" : " failed"), queue.name(), 0,
                    0);
            if (failure == null) {
                done.run();
            } else {
                failed.accept(failure);
                failing.run();
            }
        });
    }

    private void requireCause(String what) {
        if (!machine.disk().hasBeenFull() && !machine.disk().hasFailed()) {
            throw new Violation("nothing is refused without cause", queue + " " + what);
        }
    }

    private void publishByBinding() {
        if (queue.bound() != Known.MAYBE) {
            publish(queue.binding().source());
        }
    }

    private void publish(String exchange) {
        boolean reaches = exchange.isEmpty() || queue.bound() == Known.YES;
        int message = reaches ? queue.publishes() : 0;
        String body = ("%0" + BODY_BYTES + "d").formatted(message);
        unanswered.put(++tag, new Asked(message, queue.made()));
        machine.trace().event("publish", queue + " by '" + exchange + "'", message, tag);
        PublishOutcome outcome = publisher.publish(tag, new Message(exchange, queue.name(),
                Properties.none(), ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8))));
        if (outcome == PublishOutcome.UNDER_WAY) {
            idle = false;
            var _ = publisher.underWay().outcome().whenComplete((end, _) -> {
                idle = true;
                if (!machine.isOver() && end != null) {
                    check(reaches, end);
                }
            });
        } else {
            check(reaches, outcome);
        }
    }

    private void check(boolean reaches, PublishOutcome outcome) {
        if (reaches != (outcome == PublishOutcome.ROUTED)) {
            throw new Violation("a message goes where it is bound to", queue + " " + outcome);
        }
    }

    @Override
    public void confirmed(long upToTag) {
        if (!machine.isOver()) {
            var confirmed = unanswered.headMap(upToTag, true);
            confirmed.values().forEach(it -> queue.confirmed(it.message, it.incarnation));
            confirmed.clear();
        }
    }

    @Override
    public void rejected(long rejectedTag) {
        if (!machine.isOver()) {
            unanswered.remove(rejectedTag);
        }
    }
}
