package io.taffrail.simulation.queue;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.queue.Getter;
import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.vhost.Commit;
import io.taffrail.simulation.machine.Clients;
import io.taffrail.simulation.queue.SimConsumer.Held;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Random actions of clients on a virtual host. */
final class QueueClients implements Clients {

    private static final int MAX_CONSUMERS = 6;
    private static final int HOUR_MS = 3_600_000;
    private static final int BACKLOG_TTL_MS = 300;
    /** Smallest number of messages of a backlog. */
    private static final int BACKLOG = Budget.MAX_COUNT + 50;

    /** A possible action and its relative frequency. */
    private record Choice(int weight, Runnable action) {}

    private final QueueMachine machine;
    private final QueuesPlan plan;
    private final Ledger ledger;
    private final Dice dice;
    private final List<PassingClient> passing;
    private final LogClient logClient;
    private final StreamClient stream;
    private final List<SimConsumer> consumers = new ArrayList<>();
    private final List<Choice> choices;
    private final int weights;
    private @Nullable SimPublisher publisher;
    private int backlogs;

    QueueClients(QueueMachine machine, QueuesPlan plan, Ledger ledger, List<PassingQueue> passing,
            StreamModel stream, Dice dice) {
        this.machine = machine;
        this.plan = plan;
        this.ledger = ledger;
        this.dice = dice;
        this.passing = passing.stream().map(it -> new PassingClient(machine, it)).toList();
        this.stream = new StreamClient(machine, stream);
        this.logClient = new LogClient(machine, ledger, plan, dice.split());
        this.choices = List.of(new Choice(30, this::publish), new Choice(4, this::transaction),
                new Choice(6, this::subscribe), new Choice(4, this::pause),
                new Choice(20, this::accept), new Choice(8, this::requeue),
                new Choice(6, this::reject), new Choice(3, this::consumerDies),
                new Choice(1, this::publisherDies), new Choice(5, this::get),
                new Choice(2, this::purge), new Choice(2, this::waitAWhile),
                new Choice(12, () -> dice.pick(this.passing).something(dice)),
                new Choice(8, () -> this.stream.something(dice)),
                new Choice(6, logClient::append),
                new Choice(plan.setsClock() ? 2 : 0, this::setClock),
                new Choice(plan.backlog() ? 3 : 0, this::backlog));
        this.weights = choices.stream().mapToInt(Choice::weight).sum();
    }

    /** Runs as a task of the owner. */
    @Override
    public void something() {
        int left = dice.below(weights);
        for (Choice choice : choices) {
            left -= choice.weight;
            if (left < 0) {
                machine.onOwner(choice.action);
                return;
            }
        }
    }

    private SimPublisher publisher() {
        SimPublisher open = publisher;
        if (open == null || open.isDead()) {
            open = new SimPublisher(machine, ledger, plan);
            publisher = open;
        }
        return open;
    }

    @Override
    public void leave() {
        if (machine.disk().isSound()) {
            machine.scheduler().until("all answers",
                    () -> (publisher == null || publisher.isAnswered())
                            && passing.stream().allMatch(PassingClient::isAnswered)
                            && stream.isAnswered() && logClient.isAnswered()
                            && (machine.disk().hasFailed() || ledger.isPurged()));
        }
        boolean[] gone = {false};
        machine.onOwner(() -> {
            die();
            gone[0] = true;
        });
        machine.scheduler().until("clients to leave", () -> gone[0]);
    }

    private Sent message() {
        List<String> queues = plan.queues().stream().map(QueuePlan::name).toList();
        String exchange = dice
                .pick(List.of("", "", QueuesPlan.FANOUT, QueuesPlan.DIRECT, QueuesPlan.TOPIC,
                        QueuesPlan.DELAYED, QueuesPlan.HEADERS, QueuesPlan.ONCE));
        String key = switch (exchange) {
            case "" -> dice.pick(queues);
            case QueuesPlan.TOPIC -> dice.pick(QueuesPlan.TOPIC_KEYS);
            case QueuesPlan.ONCE -> dice.pick(QueuesPlan.ONCE_KEYS);
            default -> dice.pick(QueuesPlan.DIRECT_KEYS);
        };
        int delayMs = exchange.equals(QueuesPlan.DELAYED) ? dice.pick(List.of(0, 1, 50, 1_500)) : 0;
        return new Sent(ledger.nextId(), exchange, key, machine.nowMs(),
                plan.ownTimes() && !exchange.equals(QueuesPlan.ONCE) && dice.oneIn(6)
                        ? dice.pick(List.of(1, 30, 2_000))
                        : -1,
                delayMs,
                dice.oneIn(4) ? dice.below(6) : -1, dice.below(plan.bodyBytes()));
    }

    private void publish() {
        for (int i = dice.between(1, 3); i > 0 && !publisher().isBusy(); i--) {
            publisher().publish(message());
        }
    }

    private void transaction() {
        if (publisher().isBusy()) {
            return;
        }
        Step step = new Step("transaction");
        long before = ledger.point();
        if (dice.flip()) {
            List<Sent> published = new ArrayList<>();
            for (int i = dice.below(4); i > 0; i--) {
                Sent sent = message();
                if (!sent.isOnce()) {
                    ledger.published(sent, step);
                    published.add(sent);
                }
            }
            end(step, before, machine.host().commit(new Committed(published, step)));
            return;
        }
        end(step, before, machine.host().atomically(() -> {
            for (int i = dice.below(4); i > 0; i--) {
                Sent sent = message();
                if (!sent.isOnce()) {
                    publisher().publish(sent, step);
                }
            }
            settle(step);
        }));
    }

    private void settle(Step step) {
        for (int i = dice.below(4); i > 0; i--) {
            Held held = pick();
            if (held != null) {
                ledger.settle(held.copy(), "", step);
                held.delivery().accept();
            }
        }
    }

    /** A transaction that is collected in steps. */
    private final class Committed implements Commit {

        private final List<Sent> published;
        private final Step step;

        Committed(List<Sent> published, Step step) {
            this.published = published;
            this.step = step;
        }

        @Override
        public List<Message> messages() {
            return published.stream().map(Sent::message).toList();
        }

        @Override
        public void unrouted(int index) {
            Sent sent = published.get(index);
            if (!plan.routes(sent.exchange(), sent.key()).isEmpty()) {
                throw new Violation("a message goes where it is bound to", sent.toString());
            }
        }

        @Override
        public void settle() {
            QueueClients.this.settle(step);
        }

        @Override
        public boolean isCancelled() {
            return false;
        }
    }

    private void end(Step step, long before, CompletableFuture<Void> transaction) {
        var _ = transaction.whenComplete((none, failure) -> {
            if (machine.isOver() || ledger.isDoubtful()) {
                return;
            }
            if (failure == null) {
                // A confirm tells whether a queue refused its part, but it may not
                // reach its publisher.
                step.done(false, "committed");
                ledger.durable(before);
            } else {
                step.fail();
                step.settles().forEach(Copy::forget);
            }
        });
    }

    private void subscribe() {
        if (consumers.size() < MAX_CONSUMERS) {
            String queue = dice.pick(plan.queues()).name();
            SimConsumer consumer = new SimConsumer(machine, ledger, queue, !dice.oneIn(4),
                    dice.pick(List.of(0, 1, 1, 3, 10)));
            consumers.add(consumer);
            consumer.begin();
        }
    }

    private void pause() {
        if (!consumers.isEmpty()) {
            SimConsumer consumer = dice.pick(consumers);
            consumer.pause(!consumer.isPaused());
        }
    }

    private @Nullable Held pick() {
        List<SimConsumer> holding = consumers.stream().filter(it -> !it.isEmpty()).toList();
        return holding.isEmpty() ? null : dice.pick(holding).pick(dice);
    }

    private void accept() {
        for (int i = dice.between(1, 3); i > 0; i--) {
            Held held = pick();
            if (held != null) {
                settle(held.copy(), "", held.delivery()::accept);
            }
        }
    }

    private void reject() {
        Held held = pick();
        if (held != null) {
            settle(held.copy(), "rejected", held.delivery()::reject);
        }
    }

    private void settle(Copy copy, String reason, Runnable action) {
        Step step = new Step("settled, " + copy);
        ledger.settle(copy, reason, step);
        action.run();
        ledger.whenDurable(() -> step.done(true, "durable"));
    }

    private void requeue() {
        Held held = pick();
        if (held != null) {
            ledger.giveBack(held.copy());
            held.delivery().requeue();
        }
    }

    private void consumerDies() {
        if (!consumers.isEmpty()) {
            SimConsumer consumer = dice.pick(consumers);
            consumers.remove(consumer);
            consumer.die();
        }
    }

    private void publisherDies() {
        SimPublisher open = publisher;
        if (open != null) {
            open.die();
            publisher = null;
        }
    }

    /** All connections are lost. */
    private void die() {
        consumers.forEach(SimConsumer::die);
        consumers.clear();
        stream.die();
        publisherDies();
    }

    private void get() {
        String queue = dice.pick(plan.queues()).name();
        Optional<GetHolder> none = Optional.empty();
        var _ = machine.host().get(queue, machine.session(), none, new Getter() {
            @Override
            public void got(Delivery delivery, StoredMessage message, long left) {
                Copy copy = ledger.delivered(queue, Received.of(delivery, message), this,
                        machine.latestMs());
                settle(copy, "", () -> {});
            }

            @Override
            public void empty() {
                // The queue is empty: there is nothing to settle.
            }
        });
    }

    private void purge() {
        QueueModel queue = ledger.queue(dice.pick(plan.queues()).name());
        queue.purges();
        machine.trace().event("purge", queue.name(), 0, 0);
        Map<Copy, Integer> ready = new HashMap<>();
        queue.copies().stream().filter(Copy::isReady)
                .forEach(it -> ready.put(it, it.deliveries().total()));
        var _ = machine.host().purgeQueue(queue.name(), machine.session())
                .whenComplete((count, failure) -> {
                    machine.trace().event("purged", queue.name(), failure == null ? count : -1, 0);
                    if (machine.isOver() || machine.disk().hasFailed()) {
                        return;
                    }
                    queue.purgeEnds();
                    if (failure != null && !machine.disk().hasBeenFull()) {
                        throw new Violation("a queue can be purged", failure.toString(), failure);
                    }
                    queue.copies().forEach(
                            it -> purged(it, failure == null && isStill(ready.get(it), it)));
                });
    }

    /** Whether a copy was ready when the purge began, and was not delivered since. */
    private static boolean isStill(@Nullable Integer deliveriesBefore, Copy copy) {
        return deliveriesBefore != null && deliveriesBefore == copy.deliveries().total();
    }

    /** A purge was answered, so it is durable. */
    private void purged(Copy copy, boolean wasReady) {
        Step step = new Step("purge");
        boolean inQueue = copy.isDirect() || copy.offset() >= 0;
        if (wasReady && inQueue && copy.isReady() && !copy.mayHaveLeft(machine.latestMs())) {
            ledger.settle(copy, "", step);
            step.done(true, "answered");
        } else if (copy.mayBeReady()) {
            copy.maySettle(step);
        }
    }

    private void waitAWhile() {
        machine.scheduler().pass(dice.below(400));
    }

    /** Sets the time of day forward or back, or suspends the machine for hours. */
    private void setClock() {
        int ms = dice.pick(List.of(500, 30_000, 5 * HOUR_MS));
        int what = dice.below(3);
        machine.trace().event("clock", "", what, ms);
        if (what == 0) {
            machine.scheduler().pass(ms);
        } else {
            machine.clock().set(what == 1 ? ms : -ms);
        }
    }

    /** Publishes more messages to one queue than are expired, moved or purged in one step. */
    private void backlog() {
        if (backlogs > 0 || publisher().isBusy()) {
            return;
        }
        backlogs++;
        List<QueuePlan> dying = plan.queues().stream().filter(it -> !it.deadTo().isEmpty())
                .toList();
        String queue = dice.pick(dying.isEmpty() ? plan.queues() : dying).name();
        for (int left = dice.between(BACKLOG, 2 * BACKLOG); left > 0; left--) {
            publisher().publish(new Sent(ledger.nextId(), "", queue, machine.nowMs(),
                    BACKLOG_TTL_MS, 0, -1, 0));
        }
    }
}
