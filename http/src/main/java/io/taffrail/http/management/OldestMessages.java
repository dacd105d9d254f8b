package io.taffrail.http.management;

import io.taffrail.broker.vhost.Inventory.QueueEntry;
import io.taffrail.broker.vhost.VirtualHost;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Arrival times of the oldest waiting messages, for the queues of one answer. A time is read from
 * the log if the head of the queue is another message than last time, so that their number is
 * bounded. Blocks.
 */
final class OldestMessages {

    /** Queues whose time is looked up for one answer. */
    private static final int MAX_QUEUES = 1000;
    /** Queues looked at in one task of a host's owner. */
    private static final int QUEUES_AT_ONCE = 64;

    private int left = MAX_QUEUES;

    /** Times in milliseconds by queue, for those with waiting messages. */
    Map<String, Long> of(VirtualHost host, List<QueueEntry> queues) {
        List<String> names = queues.stream().filter(it -> it.depth().ready() > 0)
                .map(it -> it.declaration().name()).limit(left).toList();
        left -= names.size();
        Map<String, Long> times = new HashMap<>();
        for (int from = 0; from < names.size(); from += QUEUES_AT_ONCE) {
            List<String> some = names.subList(from,
                    Math.min(names.size(), from + QUEUES_AT_ONCE));
            times.putAll(HostScope.look(host, it -> {
                Map<String, Long> found = new HashMap<>();
                some.forEach(name -> it.inventory().oldestReadyMs(name)
                        .ifPresent(time -> found.put(name, time)));
                return found;
            }));
        }
        return times;
    }
}
