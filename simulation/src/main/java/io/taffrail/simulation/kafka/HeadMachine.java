package io.taffrail.simulation.kafka;

import io.taffrail.broker.Broker;
import io.taffrail.broker.BrokerConfig;
import io.taffrail.kafka.KafkaConfig;
import io.taffrail.kafka.KafkaService;
import io.taffrail.kafka.groups.GroupSettings;
import io.taffrail.kafka.transactions.TransactionSettings;
import io.taffrail.net.EventLoops;
import io.taffrail.simulation.machine.Machine;
import io.taffrail.simulation.machine.SimBrokerThreads;
import io.taffrail.simulation.machine.World;
import io.taffrail.simulation.network.SimEventLoop;
import io.taffrail.simulation.network.Wire;
import io.taffrail.simulation.world.Scheduler;
import io.taffrail.simulation.world.SimOwner;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A broker with the Kafka head between a start and a crash or stop. */
final class HeadMachine extends Machine {

    private static final int TIME_OUT_CHECK_MS = 50;
    private static final int EXPIRY_CHECK_MS = 3_600_000;

    private final SimEventLoop loop;
    private final Broker broker;
    private final KafkaService service;
    private int connections;

    HeadMachine(int number, HeadPlan plan, World world) {
        super(number, world, plan.setting());
        Scheduler scheduler = scheduler();
        this.loop = new SimEventLoop(scheduler, owner());
        EventLoops loops = EventLoops.of(loop);
        int[] ids = {0};
        this.broker = Broker.open(engine(), BrokerConfig.defaults(), loops.owners(), clock(),
                new SimBrokerThreads(scheduler), () -> new UUID(number, ++ids[0]));
        int[] sessions = {0};
        SimOwner reads = new SimOwner(scheduler, "disk-reads");
        this.service = KafkaService.start(broker, KafkaConfig.defaults().withIdleMs(-1),
                settings(), TransactionSettings.defaults().withPartitions(2)
                        .withChecks(TIME_OUT_CHECK_MS, EXPIRY_CHECK_MS),
                loops,
                new KafkaService.Threads(new SimGroupThreads(scheduler, clock(),
                        () -> owner().isIdle() && engine().unforcedBytes() == 0), reads, reads,
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

    Wire connect(Wire.Client client) {
        return new Wire(loop, dice().split(), ++connections, dice().pick(
                List.of(0, 2, 20)), Wire.KAFKA, client, service::accept);
    }

    @Override
    protected void stopServing() {
        service.closeCoordinators();
        broker.close();
    }
}
