package io.taffrail.simulation.kafka;

import io.taffrail.log.config.ByteSize;
import io.taffrail.log.local.LocalLogConfig;
import io.taffrail.simulation.machine.Setting;
import io.taffrail.simulation.world.Dice;
import java.time.Duration;
import java.util.List;

/**
 * Sizes and limits of a run, and the frequency of lost connections.
 *
 * @param cuts
 *            a connection is lost once in this many actions
 */
record HeadPlan(Setting setting, int bodyBytes, int cuts) {

    /** Names of the topics. */
    static final List<String> TOPICS = List.of("orders", "payments");
    static final int PARTITIONS = 2;

    static HeadPlan of(Dice dice) {
        LocalLogConfig config = new LocalLogConfig(
                new ByteSize(dice.pick(List.of(32 << 10, 128 << 10))),
                new ByteSize(dice.pick(List.of(32 << 10, 1 << 20))),
                Duration.ofMillis(dice.between(200, 5_000)), new ByteSize(1 << 20),
                dice.between(8, 30), Duration.ofMillis(dice.between(200, 3_000)),
                new ByteSize(64 << 10));
        Setting setting = new Setting(config, dice.pick(List.of(3 << 10, 64 << 10)),
                dice.between(2, 4), dice.oneIn(6), dice.oneIn(6));
        return new HeadPlan(setting, dice.pick(List.of(10, 100, 3_000)),
                dice.pick(List.of(8, 30, 1_000)));
    }
}
