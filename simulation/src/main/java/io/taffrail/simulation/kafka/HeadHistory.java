package io.taffrail.simulation.kafka;

import io.taffrail.simulation.world.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/** The promises made to clients, over all lives of the broker. */
final class HeadHistory {

    /** Errors that are legitimate while a broker starts or its disk is full. */
    private static final Set<Errors> OF_THE_MOMENT = Set.of(Errors.KAFKA_STORAGE_ERROR,
            Errors.NOT_ENOUGH_REPLICAS, Errors.REQUEST_TIMED_OUT);

    private final List<PartitionModel> partitions = new ArrayList<>();
    private final Map<String, GroupModel> groups = new LinkedHashMap<>();
    private final Set<Long> producerIds = new HashSet<>();
    private long ids;

    void topic(String name, Uuid id, int count) {
        for (int i = 0; i < count; i++) {
            partitions.add(new PartitionModel(name, id, i));
        }
    }

    List<PartitionModel> partitions() {
        return partitions;
    }

    GroupModel group(String id) {
        return groups.computeIfAbsent(id, GroupModel::new);
    }

    List<GroupModel> groups() {
        return List.copyOf(groups.values());
    }

    long nextIds(int count) {
        long first = ids;
        ids += count;
        return first;
    }

    void givenProducerId(long id) {
        if (!producerIds.add(id)) {
            throw new Violation("a producer id is given once", String.valueOf(id));
        }
    }

    /** Requires that the run caused the error. */
    void requireCause(HeadMachine machine, String what, Errors error) {
        machine.trace().event("refused", what + " " + error, 0, 0);
        boolean caused = machine.disk().hasBeenFull() || machine.disk().hasFailed();
        if (!OF_THE_MOMENT.contains(error) || !caused) {
            throw new Violation("nothing is refused without cause", what + ": " + error);
        }
    }

    /** The machine died, and every connection with it. */
    void machineDied() {
        groups.values().forEach(GroupModel::machineDied);
    }
}
