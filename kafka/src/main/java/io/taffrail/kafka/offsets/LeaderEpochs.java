package io.taffrail.kafka.offsets;

import io.taffrail.log.spi.ReadableLog;
import io.taffrail.log.spi.ReadableLog.EpochEnd;
import java.util.Optional;
import org.apache.kafka.common.protocol.Errors;

/** Checks and look-ups of leader epochs (KIP-320). */
final class LeaderEpochs {

    private static final int UNKNOWN = -1;

    private LeaderEpochs() {}

    /** Compares the leader epoch that the client knows with the log's. */
    static Errors check(int known, ReadableLog log) {
        if (known == UNKNOWN || known == log.leaderEpoch()) {
            return Errors.NONE;
        }
        return known < log.leaderEpoch()
                ? Errors.FENCED_LEADER_EPOCH
                : Errors.UNKNOWN_LEADER_EPOCH;
    }

    /**
     * Epoch of the batch that contains an offset; the log's leader epoch if there is no such batch.
     */
    static int at(long offset, ReadableLog log) {
        int low = 0;
        int high = log.leaderEpoch();
        while (low < high) {
            int middle = (low + high) >>> 1;
            Optional<EpochEnd> end = log.endOffsetForEpoch(middle);
            if (end.isPresent() && end.get().endOffset() > offset) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return high;
    }
}
