package io.taffrail.kafka.transactions;

import io.taffrail.broker.schedule.Timers;
import io.taffrail.log.spi.Registration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transactional id of a shard, with the requests that wait until its transaction has ended. Owner
 * thread only.
 */
final class ShardEntry {

    /**
     * Time for which a request waits before it is answered with CONCURRENT_TRANSACTIONS, in
     * milliseconds. A client that has committed begins its next transaction at once, and would
     * otherwise pause before it asks again.
     */
    private static final int PATIENCE_MS = 100;
    /** A producer has one request under way; others get their answer at once. */
    private static final int MOST_WAITING = 4;

    /** The latest durable state; null before the first. */
    @Nullable
    TransactionalId state;
    /** True while a record of this id is not yet durable. */
    boolean writing;
    private @Nullable Deque<Waiting> waiting;

    private static final class Waiting {
        private final Runnable again;
        private Registration timer = () -> {};

        Waiting(Runnable again) {
            this.again = again;
        }
    }

    /** Whether a request must wait for the end of a transaction or of a write. */
    boolean isBusy() {
        TransactionalId now = state;
        return writing || (now != null && now.isEnding());
    }

    /** Runs {@code again} when this entry is no longer busy, or after a time; false if full. */
    boolean await(Timers timers, Runnable again) {
        if (waiting == null) {
            waiting = new ArrayDeque<>(1);
        }
        if (waiting.size() >= MOST_WAITING) {
            return false;
        }
        Waiting added = new Waiting(again);
        waiting.add(added);
        added.timer = timers.after(PATIENCE_MS, () -> {
            if (waiting != null && waiting.remove(added)) {
                again.run();
            }
        });
        return true;
    }

    /** Runs what waits. */
    void wake() {
        if (waiting == null) {
            return;
        }
        List<Waiting> all = List.copyOf(waiting);
        waiting = null;
        for (Waiting each : all) {
            each.timer.close();
            each.again.run();
        }
    }
}
