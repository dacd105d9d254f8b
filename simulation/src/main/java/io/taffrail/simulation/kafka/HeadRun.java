package io.taffrail.simulation.kafka;

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
import java.util.ArrayList;
import java.util.List;

/**
 * One run of a broker with the Kafka head from one seed: several lives, each with clients that send
 * real requests over connections that are lost at any byte, and with a random end; in between and
 * at the end all there is is read and compared.
 */
public final class HeadRun implements Run {

    private static final int TRIES_TO_START = 20;

    private final Dice dice;
    private final Trace trace = new Trace();
    private final SimClock clock = new SimClock();
    private final SimDisk disk;
    private final HeadPlan plan;
    private final HeadHistory history = new HeadHistory();
    private final List<SimKafkaProducer> producers = new ArrayList<>();
    private final DoomedTopic doomed;
    private int lives;

    public HeadRun(long seed) {
        this.dice = new Dice(seed);
        this.disk = new SimDisk(dice.split(), trace);
        this.plan = HeadPlan.of(dice);
        this.doomed = new DoomedTopic(history);
        producers.add(new SimKafkaProducer(history, true));
        producers.add(new SimKafkaProducer(history, true));
        producers.add(new SimKafkaProducer(history, false));
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
            HeadMachine machine = start();
            check(machine);
            stop(machine);
        } catch (RuntimeException e) {
            throw new Violation("no thread fails", "main: " + e, e);
        }
    }

    private void live() {
        HeadMachine machine = start();
        boolean killed = dice.oneIn(3);
        if (dice.flip()) {
            disk.dieAt(disk.operations() + dice.between(1, dice.pick(List.of(8, 60, 400))));
        }
        try {
            HeadClients clients = new HeadClients(machine, plan, history, producers,
                    dice.split());
            work(machine, clients, dice.between(10, 150));
            if (dice.oneIn(3)) {
                settle(machine, clients);
                check(machine);
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

    private void work(HeadMachine machine, HeadClients clients, int operations) {
        Weather weather = new Weather(disk, dice, plan.failures(), plan.full());
        for (int i = 0; i < operations; i++) {
            weather.next();
            clients.something();
            if (dice.oneIn(40)) {
                doomed.next(machine);
            }
            for (int steps = dice.below(12); steps > 0; steps--) {
                machine.scheduler().step();
            }
            machine.scheduler().pass(dice.below(dice.oneIn(6) ? 60 : 4));
        }
        machine.scheduler().requireNoFailure();
    }

    /** Nothing is in the way any more: everything is sent again until it is answered. */
    private void settle(HeadMachine machine, HeadClients clients) {
        Weather.clear(disk);
        if (!disk.hasFailed()) {
            machine.scheduler().until("all answers", clients::areAnswered);
        }
    }

    /** Everything that was promised is there. */
    private void check(HeadMachine machine) {
        if (disk.hasFailed()) {
            return;
        }
        SimFetcher reader = new SimFetcher(history, machine, dice.split());
        machine.scheduler().until("everything to be read", () -> {
            boolean done = reader.isAtEnd();
            if (!done) {
                reader.fetch();
            }
            return done;
        });
        for (PartitionModel partition : history.partitions()) {
            partition.compare(reader.read(partition), partition.endAtLeast());
        }
        for (GroupModel group : history.groups()) {
            SimGroupClient client = new SimGroupClient(history, machine, dice.split(), group,
                    null);
            machine.scheduler().until("the offsets of a group", () -> {
                if (client.isAnswered() && !client.hasFetched()) {
                    client.fetch();
                }
                return client.hasFetched();
            });
        }
        doomed.check(machine);
    }

    private void stop(HeadMachine machine) {
        machine.stop();
        trace.event("stopped", "", 0, 0);
    }

    private HeadMachine start() {
        for (int tries = 0; tries < TRIES_TO_START; tries++) {
            if (tries + 5 < TRIES_TO_START) {
                Weather.duringStart(disk, dice, plan.failures());
            }
            try {
                HeadMachine machine = new HeadMachine(++lives, plan, disk, clock, dice.split(),
                        trace);
                if (history.partitions().isEmpty()) {
                    new Topics(machine).create(history);
                }
                disk.faults().heal();
                disk.dieAt(Long.MAX_VALUE);
                if (dice.oneIn(3)) {
                    check(machine);
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

    private void crash(boolean killed) {
        disk.die();
        if (killed) {
            disk.processKilled();
        } else {
            disk.powerCut(dice.pick(List.of(Survival.values())));
        }
        history.machineDied();
    }
}
