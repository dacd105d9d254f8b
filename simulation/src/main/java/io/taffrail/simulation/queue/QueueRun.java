package io.taffrail.simulation.queue;

import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.log.LogFailedException;
import io.taffrail.simulation.disk.SimDisk;
import io.taffrail.simulation.disk.Survival;
import io.taffrail.simulation.disk.Weather;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.PowerCut;
import io.taffrail.simulation.world.Run;
import io.taffrail.simulation.world.SimClock;
import io.taffrail.simulation.world.Trace;
import io.taffrail.simulation.world.Violation;
import java.util.List;

/**
 * One run of a virtual host from one seed: several lives of a machine, each with clients that do
 * random things and with a random end; now and then, and at the end, everything is counted.
 */
public final class QueueRun implements Run {

    private static final int TRIES_TO_START = 20;
    /** Longer than any delay and time to live. */
    private static final long LONG_MS = 5_000;

    private final Dice dice;
    private final Trace trace = new Trace();
    private final SimClock clock = new SimClock();
    private final SimDisk disk;
    private final Plan plan;
    private final Ledger ledger;
    private int lives;
    private boolean declared;

    public QueueRun(long seed) {
        this.dice = new Dice(seed);
        this.disk = new SimDisk(dice.split(), trace);
        this.plan = Plan.of(dice);
        this.ledger = new Ledger(plan, trace);
    }

    @Override
    public Trace trace() {
        return trace;
    }

    @Override
    public void run() {
        trace.event("plan", plan.toString(), 0, 0);
        try {
            for (int i = 0; i < plan.lives(); i++) {
                live();
            }
            last();
        } catch (RuntimeException e) {
            throw new Violation("no thread fails", "main: " + e, e);
        }
    }

    private void live() {
        Machine machine = start();
        boolean killed = dice.oneIn(3);
        if (dice.flip()) {
            disk.dieAt(disk.operations() + dice.between(1, dice.pick(List.of(8, 60, 400))));
        }
        try {
            Clients clients = new Clients(machine, plan, ledger, dice.split());
            work(machine, clients, dice.between(5, 100));
            if (dice.oneIn(3)) {
                settle(machine, clients);
                stop(machine);
            }
        } catch (PowerCut e) {
            trace.event("died", "", disk.operations(), 0);
        } catch (LogFailedException | Violation e) {
            Weather.requireBlame(disk, e);
        }
        machine.end();
        crash(killed);
    }

    private void work(Machine machine, Clients clients, int operations) {
        Weather weather = new Weather(disk, dice, plan.failures(), plan.full());
        for (int i = 0; i < operations; i++) {
            weather.next();
            clients.something();
            for (int steps = dice.below(10); steps > 0; steps--) {
                machine.scheduler().step();
            }
            machine.scheduler().pass(dice.below(dice.oneIn(4) ? 30 : 3));
        }
        machine.scheduler().requireNoFailure();
        if (dice.oneIn(3)) {
            settle(machine, clients);
            census(machine, true);
        }
    }

    /** Nothing is in the way any more: everything is answered, and clients have gone. */
    private void settle(Machine machine, Clients clients) {
        Weather.clear(disk);
        if (!disk.hasFailed()) {
            machine.scheduler().until("all answers", clients::areAnswered);
        }
        boolean[] gone = {false};
        machine.onOwner(() -> {
            clients.die();
            gone[0] = true;
        });
        machine.scheduler().until("clients to leave", () -> gone[0]);
    }

    private void census(Machine machine, boolean keep) {
        if (!disk.hasFailed()) {
            new Census(machine, ledger, plan.isCountable()).take(keep);
        }
    }

    /** Everything is there in the end, and is gone when it was settled. */
    private void last() {
        Machine machine = start();
        machine.scheduler().pass(LONG_MS);
        census(machine, false);
        stop(machine);
        crash(dice.flip());
        machine = start();
        census(machine, false);
        ledger.requireOnce();
        for (Copy copy : ledger.copies()) {
            if (copy.isCertain()) {
                throw new Violation("nothing is lost", copy.toString());
            }
        }
        stop(machine);
    }

    /** After a stop in good order everything that was done is durable. */
    private void stop(Machine machine) {
        machine.stop();
        if (!disk.hasFailed()) {
            ledger.durable(Long.MAX_VALUE);
        }
    }

    private Machine start() {
        for (int tries = 0; tries < TRIES_TO_START; tries++) {
            disturb(tries);
            try {
                Machine machine = new Machine(++lives, plan, disk, clock, dice.split(), trace);
                declare(machine);
                disk.faults().heal();
                disk.dieAt(Long.MAX_VALUE);
                if (dice.oneIn(3)) {
                    census(machine, true);
                }
                machine.scheduler().requireNoFailure();
                return machine;
            } catch (PowerCut e) {
                crash(dice.flip());
            } catch (LogFailedException | Violation e) {
                Weather.requireBlame(disk, e);
                crash(dice.flip());
            }
        }
        throw new Violation("a crash leaves a directory that starts", "not in many tries");
    }

    private void disturb(int tries) {
        if (tries + 5 < TRIES_TO_START) {
            Weather.duringStart(disk, dice, plan.failures());
        }
    }

    /** What was declared is there; what is declared again is the same. */
    private void declare(Machine machine) {
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
        plan.bindings().forEach(binding -> {
            var _ = machine.ask("a binding",
                    () -> machine.host().bind(binding, machine.session()));
        });
        declared = true;
    }

    private void crash(boolean killed) {
        disk.die();
        if (killed) {
            disk.processKilled();
        } else {
            disk.powerCut(dice.pick(List.of(Survival.values())));
        }
        ledger.machineDied();
    }
}
