package io.taffrail.broker.deadletter;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dead letters and delayed messages that are dropped because the queue or topic they go to does not
 * take them, and nobody asked for more than one attempt. Safe for any thread.
 */
public final class LostLetters {

    private static final Logger LOG = LoggerFactory.getLogger(LostLetters.class);

    /** Causes that are logged, each once; further ones are counted only. */
    private static final int MAX_CAUSES = 1000;

    private record Cause(String destination, String why) {}

    private final LongAdder count = new LongAdder();
    private final Set<Cause> told = ConcurrentHashMap.newKeySet();

    /** Messages dropped since the start. */
    public long count() {
        return count.sum();
    }

    /** Messages are dropped. */
    public void lost(String destination, int messages, String why) {
        count.add(messages);
        if (told.size() < MAX_CAUSES && told.add(new Cause(destination, why))) {
            LOG.warn("LTR-002 {} dead letters or delayed messages were dropped, as {} does not take"
                    + " them: {}; more of this cause are counted, not logged", messages,
                    destination, why);
        }
    }
}
