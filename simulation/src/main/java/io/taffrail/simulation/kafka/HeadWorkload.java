package io.taffrail.simulation.kafka;

import io.taffrail.simulation.machine.Clients;
import io.taffrail.simulation.machine.LifePace;
import io.taffrail.simulation.machine.MachineWorkload;
import io.taffrail.simulation.machine.Setting;
import io.taffrail.simulation.machine.World;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients that send real Kafka requests over connections that are lost at any byte. A check reads
 * all records and compares them with the acknowledged ones.
 */
final class HeadWorkload implements MachineWorkload<HeadMachine> {

    private final World world;
    private final HeadPlan plan;
    private final HeadHistory history = new HeadHistory();
    private final List<SimKafkaProducer> producers = new ArrayList<>();
    private final DoomedTopic doomed;

    HeadWorkload(World world) {
        this.world = world;
        this.plan = HeadPlan.of(world.dice());
        this.doomed = new DoomedTopic(history);
        producers.add(new SimKafkaProducer(history, true));
        producers.add(new SimKafkaProducer(history, true));
        producers.add(new SimKafkaProducer(history, false));
        world.trace().event("plan", plan.toString(), 0, 0);
    }

    @Override
    public Setting setting() {
        return plan.setting();
    }

    @Override
    public LifePace pace() {
        return new LifePace(10, 150, 12, 4, 60, 6);
    }

    @Override
    public HeadMachine start(int number) {
        HeadMachine machine = new HeadMachine(number, plan, world);
        if (history.partitions().isEmpty()) {
            new TopicSetup(machine).create(history);
        }
        return machine;
    }

    @Override
    public Clients clients(HeadMachine machine) {
        return new HeadClients(machine, plan, history, producers, doomed, world.dice().split());
    }

    @Override
    public void check(HeadMachine machine) {
        SimFetcher reader = new SimFetcher(history, machine, world.dice().split());
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
            SimGroupClient client = new SimGroupClient(history, machine, world.dice().split(),
                    group,
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

    @Override
    public void machineDied() {
        history.machineDied();
    }
}
