package io.taffrail.broker.vhost;

import io.taffrail.broker.queue.Holding;
import io.taffrail.log.guard.Guard;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Those who hold deliveries; who holds none any more is forgotten before they are twice as many.
 * Owner thread only.
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

    /** Has each look how long it holds what it holds; false if nobody holds anything. */
    boolean check(long usualMs, long nowMs) {
        tidy();
        // Who is told gives back, and may lead others to let go.
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
