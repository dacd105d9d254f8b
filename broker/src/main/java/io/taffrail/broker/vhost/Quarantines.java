package io.taffrail.broker.vhost;

import io.taffrail.broker.queue.Quarantine;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The register of quarantined queues of one virtual host. Changed on the owner's thread, read from
 * any thread.
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

    /** Adds a queue that failed, and logs {@code QUE-001} for the operator. */
    Quarantine add(String queue, Throwable cause) {
        Quarantine made = new Quarantine(host, queue, clock.instant(), String.valueOf(cause));
        if (byName.putIfAbsent(queue, made) == null) {
            LOG.error("QUE-001 queue '{}' in vhost '{}' failed and is quarantined; its messages are"
                    + " kept, and 'taffrail queue reopen' opens it anew", queue, host, cause);
        }
        return made;
    }

    /** Removes a queue that was reopened or deleted. */
    void remove(String queue) {
        byName.remove(queue);
    }

    List<Quarantine> all() {
        return List.copyOf(byName.values());
    }
}
