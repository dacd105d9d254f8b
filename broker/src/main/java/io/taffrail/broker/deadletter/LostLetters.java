package io.taffrail.broker.deadletter;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The counter of dropped dead letters and delayed messages: their target refused them, and
 * at-least-once dead-lettering was not requested. Safe for any thread.
 */
public final class LostLetters {

    private static final Logger LOG = LoggerFactory.getLogger(LostLetters.class);

    /** Number of different causes that are logged, once each; others are only counted. */
    private static final int MAX_CAUSES = 1000;

    private record Cause(String destination, String why) {}

    private final LongAdder count = new LongAdder();
    private final Set<Cause> told = ConcurrentHashMap.newKeySet();

    /** Number of messages dropped since the start. */
    public long count() {
        return count.sum();
    }

    /** Counts dropped messages. */
    public void lost(String destination, int messages, String why) {
        count.add(messages);
        if (told.size() < MAX_CAUSES && told.add(new Cause(destination, why))) {
            LOG.warn("LTR-002 {} dead letters or delayed messages were dropped, as {} does not take"
                    + " them: {}; more of this cause are counted, not logged", messages,
                    destination, why);
        }
    }
}
