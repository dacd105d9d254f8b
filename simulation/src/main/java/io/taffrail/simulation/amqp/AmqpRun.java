package io.taffrail.simulation.amqp;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.local.LocalLogConfig;
import io.taffrail.simulation.disk.SimDisk;
import io.taffrail.simulation.disk.Survival;
import io.taffrail.simulation.disk.Weather;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.PowerCut;
import io.taffrail.simulation.world.Run;
import io.taffrail.simulation.world.SimClock;
import io.taffrail.simulation.world.Trace;
import io.taffrail.simulation.world.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of a virtual host with the AMQP head from one seed: several lives, each with clients that
 * send real frames over connections that are lost at any byte or fall silent, and with a random
 * end; in between and at the end one client takes all there is.
 */
public final class AmqpRun implements Run {

    private static final int TRIES_TO_START = 20;
    private static final int MAX_CLIENTS = 3;
    /** More than two intervals of a heartbeat. */
    private static final long LONG_MS = 3_500;

    private final Dice dice;
    private final Trace trace = new Trace();
    private final SimClock clock = new SimClock();
    private final SimDisk disk;
    private final AmqpHistory history = new AmqpHistory();
    private final LocalLogConfig config;
    private final long segmentBytes;
    private final int cuts;
    private final boolean failures;
    private final boolean full;
    private int lives;

    public AmqpRun(long seed) {
        this.dice = new Dice(seed);
        this.disk = new SimDisk(dice.split(), trace);
        this.config = new LocalLogConfig(new ByteSize(dice.pick(List.of(32 << 10, 128 << 10))),
                new ByteSize(dice.pick(List.of(8 << 10, 1 << 20))),
                Duration.ofMillis(dice.between(200, 5_000)), new ByteSize(1 << 20),
                dice.between(4, 20), Duration.ofMillis(dice.between(200, 3_000)),
                new ByteSize(64 << 10));
        this.segmentBytes = dice.pick(List.of(3 << 10, 256 << 10));
        this.cuts = dice.pick(List.of(8, 30, 1_000));
        this.failures = dice.oneIn(6);
        this.full = dice.oneIn(6);
    }

    @Override
    public Trace trace() {
        return trace;
    }

    @Override
    public void run() {
        try {
            for (int i = dice.between(2, 4); i > 0; i--) {
                live();
            }
            AmqpMachine machine = start();
            census(machine);
            machine.stop();
        } catch (RuntimeException e) {
            throw new Violation("no thread fails", "main: " + e, e);
        }
    }

    private void live() {
        AmqpMachine machine = start();
        boolean killed = dice.oneIn(3);
        if (dice.flip()) {
            disk.dieAt(disk.operations() + dice.between(1, dice.pick(List.of(8, 60, 400))));
        }
        try {
            List<AmqpClient> clients = new ArrayList<>();
            work(machine, clients, dice.between(10, 150));
            if (dice.flip()) {
                Weather.clear(disk);
                leave(machine, clients);
                census(machine);
                machine.stop();
            }
        } catch (PowerCut e) {
            trace.event("died", "", disk.operations(), 0);
        } catch (LogFailedException | Violation e) {
            Weather.requireBlame(disk, e);
        }
        machine.end();
        crash(killed);
    }

    private void work(AmqpMachine machine, List<AmqpClient> clients, int operations) {
        Weather weather = new Weather(disk, dice, failures, full);
        for (int i = 0; i < operations; i++) {
            weather.next();
            clients.removeIf(AmqpClient::isGone);
            if (clients.size() < MAX_CLIENTS && dice.oneIn(clients.isEmpty() ? 1 : 10)) {
                clients.add(new AmqpClient(machine, history, dice.split(),
                        dice.pick(List.of(0, 1, 3, 10)), dice.oneIn(8)));
            }
            if (!clients.isEmpty()) {
                AmqpClient client = dice.pick(clients);
                client.something();
                if (dice.oneIn(cuts)) {
                    client.cut();
                }
            }
            for (int steps = dice.below(12); steps > 0; steps--) {
                machine.scheduler().step();
            }
            machine.scheduler().pass(dice.oneIn(60) ? LONG_MS : dice.below(4));
        }
        machine.scheduler().requireNoFailure();
    }

    /** Every connection is lost, and the head has noticed. */
    private void leave(AmqpMachine machine, List<AmqpClient> clients) {
        if (dice.flip() && !disk.hasFailed()) {
            machine.scheduler().until("all answers", () -> clients.stream()
                    .allMatch(it -> !it.isReady() || it.isAnswered()));
        }
        clients.forEach(AmqpClient::cut);
        machine.scheduler().until("connections to end",
                () -> clients.stream().allMatch(AmqpClient::isGone));
        clients.clear();
    }

    /** One client takes everything; what has to be there is. */
    private void census(AmqpMachine machine) {
        if (disk.hasFailed()) {
            return;
        }
        AmqpClient taker = new AmqpClient(machine, history, dice.split(), 0, true);
        machine.scheduler().until("a client to be connected", taker::isReady);
        for (String queue : AmqpHistory.QUEUES) {
            drain(machine, taker, queue);
        }
        for (QueueEntry entry : history.entries()) {
            if (entry.isDue()) {
                throw new Violation("nothing is lost", entry.toString());
            }
        }
        leave(machine, new ArrayList<>(List.of(taker)));
    }

    private void drain(AmqpMachine machine, AmqpClient taker, String queue) {
        for (int tries = 0; tries < 200; tries++) {
            taker.count(queue);
            machine.scheduler().until("a count", () -> taker.counted() >= 0);
            if (taker.counted() == 0) {
                return;
            }
            machine.scheduler().pass(5);
        }
        throw new Violation("everything ready is delivered",
                queue + " keeps " + taker.counted());
    }

    private AmqpMachine start() {
        for (int tries = 0; tries < TRIES_TO_START; tries++) {
            if (tries + 5 < TRIES_TO_START) {
                Weather.duringStart(disk, dice, failures);
            }
            try {
                AmqpMachine machine = new AmqpMachine(++lives, config, segmentBytes, disk, clock,
                        dice.split(), trace);
                disk.faults().heal();
                disk.dieAt(Long.MAX_VALUE);
                if (dice.oneIn(3)) {
                    census(machine);
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
