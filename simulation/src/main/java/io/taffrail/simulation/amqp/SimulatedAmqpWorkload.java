package io.taffrail.simulation.amqp;

import io.taffrail.log.config.ByteSize;
import io.taffrail.log.local.LocalLogConfig;
import io.taffrail.simulation.machine.Clients;
import io.taffrail.simulation.machine.LifePace;
import io.taffrail.simulation.machine.MachineWorkload;
import io.taffrail.simulation.machine.Setting;
import io.taffrail.simulation.machine.World;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.Violation;
import java.time.Duration;
import java.util.List;

/**
 * Clients that send real AMQP frames over connections that are lost at any byte or fall silent;
 * a check takes all messages with one client.
 */
final class SimulatedAmqpWorkload implements MachineWorkload<AmqpMachine> {

    /** Pause longer than two heartbeat intervals, used at times, in milliseconds. */
    private static final int LONG_MS = 7_000;

    private final World world;
    private final Setting setting;
    private final int cuts;
    private final AmqpHistory history = new AmqpHistory();

    SimulatedAmqpWorkload(World world) {
        this.world = world;
        Dice dice = world.dice();
        LocalLogConfig config = new LocalLogConfig(
                new ByteSize(dice.pick(List.of(32 << 10, 128 << 10))),
                new ByteSize(dice.pick(List.of(8 << 10, 1 << 20))),
                Duration.ofMillis(dice.between(200, 5_000)), new ByteSize(1 << 20),
                dice.between(4, 20), Duration.ofMillis(dice.between(200, 3_000)),
                new ByteSize(64 << 10));
        this.setting = new Setting(config, dice.pick(List.of(3 << 10, 256 << 10)),
                dice.between(2, 4), dice.oneIn(6), dice.oneIn(6));
        this.cuts = dice.pick(List.of(8, 30, 1_000));
        world.trace().event("plan", setting.toString(), cuts, 0);
    }

    @Override
    public Setting setting() {
        return setting;
    }

    @Override
    public LifePace pace() {
        return new LifePace(10, 150, 12, 4, LONG_MS, 60);
    }

    @Override
    public AmqpMachine start(int number) {
        return new AmqpMachine(number, setting, world);
    }

    @Override
    public Clients clients(AmqpMachine machine) {
        machine.disk().onFailure(history::doubt);
        return new SimulatedAmqpClients(machine, history, cuts, world.dice().split());
    }

    @Override
    public void check(AmqpMachine machine) {
        AmqpClient taker = new AmqpClient(machine, history, world.dice().split(), 0, true);
        machine.scheduler().until("a client to be connected", taker::isReady);
        for (String queue : AmqpHistory.QUEUES) {
            drain(machine, taker, queue);
        }
        for (QueueEntry entry : history.entries()) {
            if (entry.isDue()) {
                throw new Violation("nothing is lost", entry.toString());
            }
        }
        taker.cut();
        machine.scheduler().until("a connection to end", taker::isGone);
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

    @Override
    public void machineDied() {
        history.machineDied();
    }
}
