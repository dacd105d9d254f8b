package io.taffrail.kafka.offsets;

import io.taffrail.log.spi.ReadableLog;
import org.apache.kafka.common.protocol.Errors;

/** Leader epochs as clients know them (KIP-320). */
final class LeaderEpochs {

    private static final int UNKNOWN = -1;

    private LeaderEpochs() {}

    /** Whether the epoch a client knows is the log's. */
    static Errors check(int known, ReadableLog log) {
        if (known == UNKNOWN || known == log.leaderEpoch()) {
            return Errors.NONE;
        }
        return known < log.leaderEpoch()
                ? Errors.FENCED_LEADER_EPOCH
                : Errors.UNKNOWN_LEADER_EPOCH;
    }
}
