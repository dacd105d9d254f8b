package io.taffrail.simulation.kafka;

import io.taffrail.simulation.machine.Clients;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.Violation;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Random actions of clients in one life of the broker. */
final class HeadClients implements Clients {

    private static final int LIST_OFFSETS = 7;
    private static final long LATEST = -1;
    private static final long EARLIEST = -2;

    private final HeadMachine machine;
    private final HeadPlan plan;
    private final HeadHistory history;
    private final Dice dice;
    private final List<SimKafkaProducer> producers;
    private final DoomedTopic doomed;
    private final List<SimFetcher> fetchers = new ArrayList<>();
    private final List<SimGroupClient> committers = new ArrayList<>();
    private final List<SimMember> members = new ArrayList<>();
    private @Nullable KafkaLink link;

    HeadClients(HeadMachine machine, HeadPlan plan, HeadHistory history,
            List<SimKafkaProducer> producers, DoomedTopic doomed, Dice dice) {
        this.machine = machine;
        this.plan = plan;
        this.history = history;
        this.producers = producers;
        this.doomed = doomed;
        this.dice = dice;
        producers.forEach(SimKafkaProducer::reconnect);
        fetchers.add(new SimFetcher(history, machine, dice.split()));
        fetchers.add(new SimFetcher(history, machine, dice.split()));
        committers.add(client("simple", null));
        committers.add(client("modern", "m1-" + machine.number()));
        committers.add(client("modern", "m2"));
        members.add(new SimMember(history, machine, history.group("classic"), true));
        members.add(new SimMember(history, machine, history.group("classic"), false));
    }

    private SimGroupClient client(String group, @Nullable String memberId) {
        return new SimGroupClient(history, machine, dice.split(), history.group(group), memberId);
    }

    @Override
    public void something() {
        if (dice.oneIn(40)) {
            doomed.next(machine);
        }
        if (dice.oneIn(plan.cuts())) {
            cut();
        }
        switch (dice.below(20)) {
            case 0, 1, 2, 3, 4, 5, 6 -> dice.pick(producers).produce(machine, plan, dice);
            case 7, 8, 9, 10, 11 -> dice.pick(fetchers).fetch();
            case 12, 13 -> dice.pick(committers).commit();
            case 14 -> dice.pick(committers).fetch();
            case 15 -> dice.pick(committers).heartbeat();
            case 16, 17 -> dice.pick(members).step();
            case 18 -> listOffsets();
            default -> dice.pick(fetchers).seek();
        }
    }

    private void cut() {
        switch (dice.below(4)) {
            case 0 -> dice.pick(producers).cut();
            case 1 -> dice.pick(fetchers).cut();
            case 2 -> dice.pick(committers).cut();
            default -> dice.pick(members).cut();
        }
    }

    @Override
    public void leave() {
        if (!machine.disk().hasFailed()) {
            machine.scheduler().until("all answers", this::areAnswered);
        }
    }

    /** Sends unanswered requests again; true when there are none. */
    private boolean areAnswered() {
        for (SimKafkaProducer producer : producers) {
            if (!producer.isAnswered()) {
                producer.resume(machine);
                return false;
            }
        }
        return committers.stream().allMatch(SimGroupClient::isAnswered)
                && members.stream().allMatch(SimMember::isAnswered);
    }

    private void listOffsets() {
        PartitionModel partition = dice.pick(history.partitions());
        boolean latest = dice.flip();
        KafkaLink open = link;
        if (open == null || !open.isOpen()) {
            open = new KafkaLink(machine);
            link = open;
        }
        long before = partition.endAtLeast();
        ListOffsetsRequestData request = new ListOffsetsRequestData().setReplicaId(-1)
                .setTopics(List.of(new ListOffsetsTopic().setName(partition.topic())
                        .setPartitions(List.of(new ListOffsetsPartition()
                                .setPartitionIndex(partition.index())
                                .setTimestamp(latest ? LATEST : EARLIEST)))));
        open.send(ApiKeys.LIST_OFFSETS, LIST_OFFSETS, request, new KafkaLink.Answer() {
            @Override
            public void is(ApiMessage body) {
                listed(partition, latest, before, ((ListOffsetsResponseData) body).topics()
                        .getFirst().partitions().getFirst());
            }

            @Override
            public void lost() {
                // The outcome is unknown.
            }
        });
    }

    private void listed(PartitionModel partition, boolean latest, long before,
            ListOffsetsPartitionResponse answer) {
        Errors error = Errors.forCode(answer.errorCode());
        if (error != Errors.NONE) {
            history.requireCause(machine, "offsets of " + partition, error);
        } else if (!latest && answer.offset() != 0) {
            throw new Violation("a log's start is where it was put",
                    partition + " begins at " + answer.offset());
        } else if (latest) {
            partition.endsAt(answer.offset(), before);
        }
    }
}
