package io.taffrail.simulation.amqp;

import io.taffrail.simulation.world.Violation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All published messages, over all lives of the machine. */
final class AmqpHistory {

    /** The queues; each is bound to the fan-out exchange. */
    static final List<String> QUEUES = List.of("classic", "quorum");
    static final String FANOUT = "amq.fanout";

    private final Map<Integer, Map<String, QueueEntry>> messages = new LinkedHashMap<>();

    /** A publish begins; returns the message's id. */
    int publish(List<String> queues) {
        int id = messages.size();
        Map<String, QueueEntry> entries = new LinkedHashMap<>();
        queues.forEach(it -> entries.put(it, new QueueEntry(id, it)));
        messages.put(id, entries);
        return id;
    }

    /** The message was confirmed, or delivered from one of its queues: it is in all of them. */
    void stored(int id) {
        messages.getOrDefault(id, Map.of()).values().forEach(QueueEntry::certain);
    }

    QueueEntry delivered(int id, String queue, AmqpClient to, boolean redelivered) {
        QueueEntry entry = messages.getOrDefault(id, Map.of()).get(queue);
        if (entry == null) {
            throw new Violation("what is delivered was published", id + "@" + queue);
        }
        stored(id);
        entry.delivered(to, redelivered);
        return entry;
    }

    List<QueueEntry> entries() {
        List<QueueEntry> all = new ArrayList<>();
        messages.values().forEach(it -> all.addAll(it.values()));
        return all;
    }

    void machineDied() {
        entries().forEach(QueueEntry::machineDied);
    }
}
