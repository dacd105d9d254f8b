package io.taffrail.cli.terminal;

import io.taffrail.kafka.client.GroupAdmin;
import io.taffrail.kafka.client.PartitionRef;
import java.util.ArrayList;
import java.util.List;

/** Parses partitions as users write them: {@code TOPIC}, {@code TOPIC:3} or {@code TOPIC:0,3}. */
public final class PartitionNames {

    private PartitionNames() {}

    /**
     * The partitions that these names stand for; asks the broker for those of a whole topic.
     *
     * @throws Failure
     *             if a name has another form
     */
    public static List<PartitionRef> of(List<String> names, GroupAdmin broker) {
        List<PartitionRef> partitions = new ArrayList<>();
        for (String name : names) {
            int colon = name.lastIndexOf(':');
            if (colon < 0) {
                partitions.addAll(broker.partitionsOf(name));
                continue;
            }
            for (String index : name.substring(colon + 1).split(",", -1)) {
                try {
                    partitions.add(new PartitionRef(name.substring(0, colon),
                            Integer.parseInt(index.strip())));
                } catch (NumberFormatException e) {
                    throw Failure.usage("'" + name + "' is not TOPIC:PARTITION");
                }
            }
        }
        return partitions;
    }
}
