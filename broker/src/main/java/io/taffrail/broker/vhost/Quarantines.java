package io.taffrail.broker.vhost;

import io.taffrail.broker.queue.Quarantine;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queues of one virtual host that failed and are out of use. Changed on the owner's thread,
 * read from any.
 */
final class Quarantines {

    private static final Logger LOG = LoggerFactory.getLogger(Quarantines.class);

    private final String host;
    private final InstantSource clock;
    private final Map<String, Quarantine> byName = new ConcurrentSkipListMap<>();

    Quarantines(String host, InstantSource clock) {
        this.host = host;
        this.clock = clock;
    }

    /** Makes the entry of a queue that failed, and tells the operator. */
    Quarantine add(String queue, Throwable cause) {
        Quarantine made = new Quarantine(host, queue, clock.instant(), String.valueOf(cause));
        if (byName.putIfAbsent(queue, made) == null) {
            LOG.error("QUE-001 queue '{}' in vhost '{}' failed and is quarantined; its messages are"
                    + " kept, and 'taffrail queue reopen' opens it anew", queue, host, cause);
        }
        return made;
    }

    /** The queue is in use again, or deleted. */
    void remove(String queue) {
        byName.remove(queue);
    }

    List<Quarantine> all() {
        return List.copyOf(byName.values());
    }
}
