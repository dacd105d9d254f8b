package io.taffrail.simulation.amqp;

import io.taffrail.simulation.world.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All published messages, over all lives of the machine. */
final class AmqpHistory {

    /** The queues; each is bound to the fan-out exchange. */
    static final List<String> QUEUES = List.of("classic", "quorum");
    static final String FANOUT = "amq.fanout";

    private final Map<Integer, Map<String, QueueEntry>> messages = new LinkedHashMap<>();
    /** Messages that may be in one of their queues only. */
    private final Set<Integer> parted = new HashSet<>();
    private boolean doubtful;

    /** A publish begins; returns the message's id. */
    int publish(List<String> queues) {
        int id = messages.size();
        Map<String, QueueEntry> entries = new LinkedHashMap<>();
        queues.forEach(it -> entries.put(it, new QueueEntry(id, it)));
        messages.put(id, entries);
        if (doubtful) {
            parted.add(id);
        }
        return id;
    }

    /**
     * A log cannot be written, which rejects the publishes to its queue and leaves their parts in
     * other queues: messages that are not confirmed, and those to come in this life of the machine,
     * may be stored in part.
     */
    void doubt() {
        doubtful = true;
        messages.forEach((id, entries) -> {
            if (!entries.values().stream().allMatch(QueueEntry::isCertain)) {
                parted.add(id);
            }
        });
    }

    /** The message was confirmed: it is in all of its queues. */
    void stored(int id) {
        messages.getOrDefault(id, Map.of()).values().forEach(QueueEntry::certain);
    }

    QueueEntry delivered(int id, String queue, AmqpClient to, boolean redelivered) {
        QueueEntry entry = messages.getOrDefault(id, Map.of()).get(queue);
        if (entry == null) {
            throw new Violation("what is delivered was published", id + "@" + queue);
        }
        if (!parted.contains(id)) {
            stored(id);
        }
        entry.delivered(to, redelivered);
        return entry;
    }

    List<QueueEntry> entries() {
        List<QueueEntry> all = new ArrayList<>();
        messages.values().forEach(it -> all.addAll(it.values()));
        return all;
    }

    void machineDied() {
        doubtful = false;
        entries().forEach(QueueEntry::machineDied);
    }
}
