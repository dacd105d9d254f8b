package io.taffrail.simulation;

import io.taffrail.simulation.world.Run;
import io.taffrail.simulation.world.Seeds;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs many seeds: the same ones in every build, or new ones for a given time. */
public final class Trial {

    private static final Logger LOG = LoggerFactory.getLogger(Trial.class);

    private Trial() {}

    public static void of(String what, int seeds, LongFunction<? extends Run> runs) {
        Long only = Long.getLong("taffrail.seed");
        int minutes = Integer.getInteger("taffrail.simulation.minutes", 0);
        if (only != null) {
            Seeds.run(what, only, runs);
        } else if (minutes > 0) {
            tryNew(what, minutes, runs);
        } else {
            for (long seed = 1; seed <= seeds; seed++) {
                Seeds.run(what, seed, runs);
            }
        }
    }

    private static void tryNew(String what, int minutes, LongFunction<? extends Run> runs) {
        long begin = System.nanoTime();
        long first = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE / 2);
        long seed = first;
        while (System.nanoTime() - begin < TimeUnit.MINUTES.toNanos(minutes)) {
            Seeds.run(what, seed++, runs);
        }
        LOG.info("{}: {} seeds from {}", what, seed - first, first);
    }
}
