package io.taffrail.simulation.world;

import java.util.function.LongFunction;

/** Runs seeds, and reports for a failure how to replay it. */
public final class Seeds {

    private static final int TAIL = Integer.getInteger("taffrail.simulation.trace", 60);

    private Seeds() {}

    /** Runs a seed; returns its trace. */
    public static Trace run(String what, long seed, LongFunction<? extends Run> runs) {
        Run run = runs.apply(seed);
        try {
            run.run();
            return run.trace();
        } catch (RuntimeException | Error e) {
            throw new AssertionError("%s, seed %d: %s%n%s%n(replay with -Dtaffrail.seed=%d)"
                    .formatted(what, seed, e, String.join("\n", run.trace().tail(TAIL)), seed), e);
        }
    }
}
