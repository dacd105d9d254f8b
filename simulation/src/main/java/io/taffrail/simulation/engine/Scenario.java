package io.taffrail.simulation.engine;

import io.taffrail.log.CompactionOptions;
import io.taffrail.log.Durability;
import io.taffrail.log.LogOptions;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.local.LocalLogConfig;
import io.taffrail.simulation.world.Dice;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * Sizes and limits of a run; small, so that limits are reached often.
 *
 * @param changing
 *            true if the durability of logs changes at times and the power is often cut just after
 *            a force was acknowledged
 */
record Scenario(LocalLogConfig config, int logs, int lives, int valueBytes, boolean failures,
        boolean full, boolean changing) {

    private static final Duration NEVER = Duration.ofMillis(Long.MAX_VALUE);

    static Scenario of(Dice dice, boolean changing) {
        LocalLogConfig config = new LocalLogConfig(
                new ByteSize(dice.pick(List.of(16 << 10, 32 << 10, 128 << 10))),
                new ByteSize(dice.pick(List.of(4 << 10, 32 << 10, 1 << 20))),
                Duration.ofMillis(dice.between(200, 5_000)),
                new ByteSize(dice.pick(List.of(8 << 10, 1 << 20))), dice.between(2, 8),
                Duration.ofMillis(dice.between(200, 3_000)), new ByteSize(64 << 10));
        return new Scenario(config, dice.between(1, 5), dice.between(2, 5),
                dice.pick(List.of(20, 200, 3_000)), dice.oneIn(5),
                dice.oneIn(changing ? 3 : 6), changing);
    }

    LogOptions options(Dice dice) {
        Durability durability = dice.oneIn(6)
                ? dice.pick(List.of(Durability.OS, Durability.MEMORY))
                : Durability.FSYNC;
        OptionalLong retention = dice.oneIn(4)
                ? OptionalLong.of(dice.between(1_000, 20_000))
                : OptionalLong.empty();
        int segmentBytes = Math.max(2 * valueBytes, dice.pick(List.of(400, 3_000, 40_000)));
        return new LogOptions(durability, new ByteSize(segmentBytes), Duration.ofDays(7),
                dice.pick(List.of(1, 300, 4096)), retention, OptionalLong.empty(), true,
                compaction(dice), Duration.ofDays(1));
    }

    /** True if the durability of a log created with these options will change. */
    boolean changes(LogOptions options, Dice dice) {
        return changing && options.durability() != Durability.MEMORY && !dice.oneIn(4);
    }

    private static CompactionOptions compaction(Dice dice) {
        return dice.oneIn(4)
                ? new CompactionOptions(true, 0.01, Duration.ZERO, NEVER, Duration.ofSeconds(5))
                : CompactionOptions.off();
    }
}
