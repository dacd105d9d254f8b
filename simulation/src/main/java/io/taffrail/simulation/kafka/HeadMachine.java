package io.taffrail.simulation.kafka;

import io.taffrail.broker.Broker;
import io.taffrail.broker.BrokerConfig;
import io.taffrail.kafka.KafkaConfig;
import io.taffrail.kafka.KafkaService;
import io.taffrail.kafka.groups.GroupSettings;
import io.taffrail.log.local.Environment;
import io.taffrail.log.local.LocalLogEngine;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.net.EventLoops;
import io.taffrail.simulation.disk.SimDisk;
import io.taffrail.simulation.network.SimEventLoop;
import io.taffrail.simulation.network.Wire;
import io.taffrail.simulation.queue.SmallLogs;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.Scheduler;
import io.taffrail.simulation.world.SimClock;
import io.taffrail.simulation.world.SimOwner;
import io.taffrail.simulation.world.SimThreads;
import io.taffrail.simulation.world.Trace;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntSupplier;

/** A broker with the Kafka head between a start and a crash or a stop. */
final class HeadMachine {

    private static final Path DIRECTORY = Path.of("/sim/data");

    private final int number;
    private final SimDisk disk;
    private final SimClock clock;
    private final Trace trace;
    private final Dice dice;
    private final Scheduler scheduler;
    private final SimEventLoop loop;
    private final SimOwner owner;
    private final LogEngine engine;
    private final Broker broker;
    private final KafkaService service;
    private int connections;
    private boolean over;

    HeadMachine(int number, HeadPlan plan, SimDisk disk, SimClock clock, Dice dice, Trace trace) {
        this.number = number;
        this.disk = disk;
        this.clock = clock;
        this.trace = trace;
        this.dice = dice;
        this.scheduler = new Scheduler(dice.split(), clock, trace, disk::isDead);
        this.owner = new SimOwner(scheduler, "loop-0");
        this.loop = new SimEventLoop(scheduler, owner);
        disk.slowness(this::slow);
        LocalLogEngine local = LocalLogEngine.open(DIRECTORY, plan.config(),
                new Environment(disk, clock, new SimThreads(scheduler, slowness(dice.split()))));
        // The process ends where only a restart helps.
        local.onFailure(_ -> disk.die());
        this.engine = new SmallLogs(local, plan.segmentBytes());
        EventLoops loops = EventLoops.of(loop);
        int[] ids = {0};
        this.broker = Broker.open(engine, BrokerConfig.defaults(), loops.owners(), clock,
                new SimBrokerThreads(scheduler), () -> new UUID(number, ++ids[0]));
        int[] sessions = {0};
        SimOwner reads = new SimOwner(scheduler, "disk-reads");
        this.service = KafkaService.start(broker, KafkaConfig.defaults().withIdleMs(-1),
                settings(), loops,
                new KafkaService.Threads(new SimGroupThreads(scheduler, clock,
                        () -> owner.isIdle() && engine.unforcedBytes() == 0), reads,
                        () -> ++sessions[0]));
    }

    private static GroupSettings settings() {
        return GroupSettings.of(Map.of("offsets.topic.num.partitions", "2",
                "group.initial.rebalance.delay.ms", "5", "group.min.session.timeout.ms", "10",
                "group.consumer.min.session.timeout.ms", "100",
                "group.consumer.session.timeout.ms", "200",
                "group.consumer.min.heartbeat.interval.ms", "5",
                "group.consumer.heartbeat.interval.ms", "20",
                "group.consumer.assignment.interval.ms", "0"));
    }

    /** In half of the lives the journal is slow, so that much waits for it. */
    private static IntSupplier slowness(Dice dice) {
        boolean slow = dice.flip();
        return () -> slow && dice.flip() ? dice.below(15) : 0;
    }

    private void slow(String file) {
        String thread = scheduler.currentName();
        if (thread.equals("taffrail-journal")
                || (thread.equals("taffrail-checkpoint") && !file.endsWith(".journal"))) {
            for (int pauses = dice.below(3); pauses >= 0 && !disk.isDead(); pauses--) {
                scheduler.preemption(4, name -> name.startsWith("loop-"));
                scheduler.slow(dice.below(4));
            }
        }
    }

    int number() {
        return number;
    }

    Trace trace() {
        return trace;
    }

    SimDisk disk() {
        return disk;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    long nowMs() {
        return clock.millis();
    }

    /** Whether answers that come now come from a machine that is no more. */
    boolean isOver() {
        return over || disk.isDead();
    }

    void end() {
        over = true;
    }

    Wire connect(Wire.Client client) {
        return new Wire(loop, dice.split(), ++connections, dice.pick(
                List.of(0, 2, 20)), Wire.KAFKA, client, service::accept);
    }

    /** Stops in order; clients have gone. */
    void stop() {
        service.closeGroups();
        broker.close();
        scheduler.until("the loop to be idle", owner::isIdle);
        end();
        engine.close();
    }
}
