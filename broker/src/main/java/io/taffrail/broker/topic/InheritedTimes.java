package io.taffrail.broker.topic;

import io.taffrail.broker.BrokerConfig;
import java.util.concurrent.TimeUnit;

/**
 * The parser of times that the broker's settings give in several units; the finest unit that is set
 * takes precedence.
 */
final class InheritedTimes {

    private InheritedTimes() {}

    /** Retention in milliseconds, or -1 for no limit. */
    static long retentionMs(BrokerConfig config) {
        long ms = config.retentionMs().orElseGet(() -> config.retentionMinutes().isPresent()
                ? scaled(config.retentionMinutes().getAsLong(), TimeUnit.MINUTES)
                : scaled(config.retentionHours(), TimeUnit.HOURS));
        return ms < 0 ? -1 : ms;
    }

    static long segmentMs(BrokerConfig config) {
        return config.rollMs().orElseGet(() -> scaled(config.rollHours(), TimeUnit.HOURS));
    }

    private static long scaled(long amount, TimeUnit unit) {
        return amount < 0 ? -1 : unit.toMillis(amount);
    }
}
