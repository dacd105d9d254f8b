package io.taffrail.simulation.queue;

import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.simulation.machine.LifePace;
import io.taffrail.simulation.machine.MachineWorkload;
import io.taffrail.simulation.machine.Setting;
import io.taffrail.simulation.machine.World;
import io.taffrail.simulation.world.Mischief;
import io.taffrail.simulation.world.Violation;
import java.util.List;

/** Clients of a virtual host that act at random; a check takes all messages. */
final class QueueWorkload implements MachineWorkload<QueueMachine> {

    /** Longer than any delay and time-to-live, in milliseconds. */
    private static final long LONG_MS = 5_000;
    /** Inverse probabilities of a throw at a point, if any point throws. */
    private static final List<Integer> ONE_IN = List.of(10, 100, 1_000);

    private final World world;
    private final QueuesPlan plan;
    private final Ledger ledger;
    private final List<PassingQueue> passing = List.of(new PassingQueue("durable", true),
            new PassingQueue("transient", false));
    private final StreamModel stream = new StreamModel();
    private final boolean throwing;
    private boolean declared;

    QueueWorkload(World world, boolean throwing) {
        this.throwing = throwing;
        this.world = world;
        this.plan = QueuesPlan.of(world.dice());
        this.ledger = new Ledger(plan, world.trace());
        world.trace().event("plan", plan.toString(), 0, 0);
    }

    @Override
    public Setting setting() {
        return plan.setting();
    }

    @Override
    public LifePace pace() {
        return new LifePace(5, 100, 10, 3, 30, 4);
    }

    @Override
    public QueueMachine start(int number) {
        QueueMachine machine = new QueueMachine(number, plan.setting(), world, !throwing);
        declare(machine);
        return machine;
    }

    @Override
    public QueueClients clients(QueueMachine machine) {
        if (throwing) {
            machine.scheduler().onFailStop(machine.disk()::die);
            Mischief.arm(world.dice().split(), world.dice().pick(ONE_IN), point -> {
                world.trace().event("throw", point, 0, 0);
                machine.disk().excuse();
                ledger.doubt();
            });
        }
        return new QueueClients(machine, plan, ledger, passing, stream, world.dice().split());
    }

    @Override
    public void check(QueueMachine machine) {
        Mischief.disarm();
        new Census(machine, ledger, plan.isCountable()).take(true);
        checkOthers(machine);
    }

    /** Checks at the end that every message is present, and absent once it was settled. */
    @Override
    public void checkLast(QueueMachine machine) {
        machine.scheduler().pass(LONG_MS + 2 * machine.clock().setBackMs());
        new Census(machine, ledger, plan.isCountable()).take(false);
        checkOthers(machine);
        ledger.requireOnce();
        for (Copy copy : ledger.copies()) {
            if (copy.isCertain()) {
                throw new Violation("nothing is lost", copy.toString());
            }
        }
    }

    private void checkOthers(QueueMachine machine) {
        if (!machine.host().quarantined().isEmpty()) {
            throw new Violation("no queue fails", machine.host().quarantined().toString());
        }
        passing.forEach(it -> new PassingCheck(machine, it).take());
        StreamClient.check(machine, stream);
    }

    /** After a clean stop all actions are durable. */
    @Override
    public void stopped() {
        ledger.durable(Long.MAX_VALUE);
    }

    /** Checks the declared queues and declares them again, which must have no effect. */
    private void declare(QueueMachine machine) {
        if (declared) {
            for (QueuePlan queue : plan.queues()) {
                var _ = machine.ask("a queue that was declared", () -> machine.host()
                        .checkQueue(queue.name(), machine.session()));
            }
            for (ExchangeDeclaration exchange : plan.exchanges()) {
                var _ = machine.ask("an exchange that was declared",
                        () -> machine.host().checkExchange(exchange.name()));
            }
            return;
        }
        for (QueuePlan queue : plan.queues()) {
            var _ = machine.ask("a queue", () -> machine.host().declareQueue(queue.declaration(),
                    machine.session()));
        }
        for (ExchangeDeclaration exchange : plan.exchanges()) {
            var _ = machine.ask("an exchange", () -> machine.host().declareExchange(exchange));
        }
        var _ = machine.ask("an exchange", () -> machine.host()
                .declareExchange(PassingQueue.exchange()));
        var _ = machine.ask("a stream", () -> machine.host()
                .declareQueue(StreamModel.DECLARATION, machine.session()));
        plan.bindings().forEach(binding -> {
            var _ = machine.ask("a binding",
                    () -> machine.host().bind(binding, machine.session()));
        });
        declared = true;
    }

    @Override
    public void machineDied() {
        Mischief.disarm();
        ledger.machineDied();
        passing.forEach(PassingQueue::machineDied);
    }
}
