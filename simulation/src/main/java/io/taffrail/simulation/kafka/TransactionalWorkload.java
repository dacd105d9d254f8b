package io.taffrail.simulation.kafka;

import io.taffrail.simulation.machine.Clients;
import io.taffrail.simulation.machine.LifePace;
import io.taffrail.simulation.machine.MachineWorkload;
import io.taffrail.simulation.machine.Setting;
import io.taffrail.simulation.machine.World;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Transactional producers of both versions of the protocol, two of which fence each other. In half
 * of the runs one of the topics has durability {@code os}; processes are then killed, because after
 * a power cut such a topic promises nothing.
 */
final class TransactionalWorkload implements MachineWorkload<HeadMachine> {

    private final World world;
    private final HeadPlan plan;
    private final boolean unforced;
    private final HeadHistory history = new HeadHistory();
    private final TransactionHistory transactions = new TransactionHistory();
    private final List<SimTransactionalProducer> producers = new ArrayList<>();

    TransactionalWorkload(World world) {
        this.world = world;
        this.plan = HeadPlan.of(world.dice());
        this.unforced = world.dice().flip();
        producers.add(new SimTransactionalProducer(history, transactions, "old", "g-old", false));
        producers.add(new SimTransactionalProducer(history, transactions, "new", "g-new", true));
        producers.add(new SimTransactionalProducer(history, transactions, "shared", "g-a", true));
        producers.add(new SimTransactionalProducer(history, transactions, "shared", "g-b",
                false));
        world.trace().event("plan", plan + (unforced ? " unforced" : ""), 0, 0);
    }

    @Override
    public Setting setting() {
        return plan.setting();
    }

    @Override
    public LifePace pace() {
        return new LifePace(20, 250, 12, 4, 60, 6);
    }

    @Override
    public boolean mayLosePower() {
        return !unforced;
    }

    @Override
    public HeadMachine start(int number) {
        HeadMachine machine = new HeadMachine(number, plan, world);
        if (history.partitions().isEmpty()) {
            new TopicSetup(machine).create(history, unforced ? "os" : "fsync");
        }
        return machine;
    }

    @Override
    public Clients clients(HeadMachine machine) {
        return new TransactionalClients(machine, plan.cuts(), history, transactions, producers,
                world.dice().split());
    }

    @Override
    public void check(HeadMachine machine) {
        CommittedFetcher reader = new CommittedFetcher(history, transactions, machine);
        machine.scheduler().until("the last stable offset to reach the end", () -> {
            boolean done = reader.isAtEnd();
            if (!done) {
                reader.fetch();
            }
            return done;
        });
        transactions.compare(reader.read());
        for (String group : transactions.groups()) {
            transactions.compareOffset(group, committedOffset(machine, group));
        }
    }

    /** The offset that a group has committed, when the transaction that did it has ended. */
    private long committedOffset(HeadMachine machine, String group) {
        TopicSetup client = new TopicSetup(machine);
        while (true) {
            OffsetFetchResponseGroup answer = ((OffsetFetchResponseData) client.ask(
                    ApiKeys.OFFSET_FETCH, 8, new OffsetFetchRequestData().setRequireStable(true)
                            .setGroups(List.of(new OffsetFetchRequestGroup().setGroupId(group)
                                    .setTopics(List.of(new OffsetFetchRequestTopics()
                                            .setName(HeadPlan.TOPICS.getFirst())
                                            .setPartitionIndexes(List.of(0))))))))
                    .groups()
                    .getFirst();
            Errors error = Errors.forCode(answer.errorCode());
            if (error == Errors.NONE) {
                var partition = answer.topics().getFirst().partitions().getFirst();
                if (partition.errorCode() == 0) {
                    return partition.committedOffset();
                }
                error = Errors.forCode(partition.errorCode());
            }
            if (!SimTransactionalProducer.PASSING.contains(error)) {
                history.requireCause(machine, "fetch of offsets", error);
            }
            machine.scheduler().pass(1);
        }
    }

    @Override
    public void machineDied() {
        // Producers learn of it with the next life; the history has no state of a life.
    }
}
