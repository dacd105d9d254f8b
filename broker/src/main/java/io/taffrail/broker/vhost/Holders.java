package io.taffrail.broker.vhost;

import io.taffrail.broker.queue.Holding;
import io.taffrail.log.guard.Guard;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The holders of unsettled deliveries that are not consumers. Holders without deliveries are
 * removed before the list has doubled. Owner thread only.
 */
final class Holders {

    private static final int FEW = 16;

    private final Set<Holding> all = new LinkedHashSet<>();
    private int tidyAt = FEW;

    void add(Holding holding) {
        if (all.size() >= tidyAt) {
            tidy();
        }
        all.add(holding);
    }

    private void tidy() {
        all.removeIf(each -> !each.isHolding());
        tidyAt = Math.max(FEW, 2 * all.size());
    }

    /** Has every holder check its consumer time-out; false if no holder has deliveries. */
    boolean check(long usualMs, long nowMs) {
        tidy();
        // A holder that is told requeues deliveries, which may change the list.
        for (Holding each : all.toArray(Holding[]::new)) {
            Guard.run("CON-001", "a look at what a channel holds",
                    () -> each.check(usualMs, nowMs));
        }
        return !all.isEmpty();
    }

    int size() {
        return all.size();
    }
}
