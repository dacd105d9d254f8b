package io.taffrail.simulation.queue;

import io.taffrail.simulation.world.Violation;

/** How often a copy was handed out, and what has to be told of that with the next time. */
final class Deliveries {

    private int total;
    private boolean inThisLife;
    private boolean durably;
    private int durableCount;
    private int leastCount;
    private int mostCount;

    /** How often it was handed out, in all lives. */
    int total() {
        return total;
    }

    /** Returns known in this life, where the queue counts them. */
    int count() {
        return mostCount;
    }

    /** It is handed out now, with these marks. */
    void add(Copy copy, boolean redelivered, int count) {
        // With priorities, a message that was passed over may have been delivered for all a restart
        // knows.
        if (redelivered && total == 0 && copy.queue().plan().maxPriority() == 0) {
            throw new Violation("redelivered means that it was delivered before", copy.toString());
        }
        if (!redelivered && (inThisLife || durably)) {
            throw new Violation("what was delivered before says so", copy.toString());
        }
        if (copy.queue().plan().quorum()) {
            if (count < leastCount || count > mostCount) {
                throw new Violation("delivery counts are right and never go back",
                        "%s says %d, should be %d to %d".formatted(copy, count, leastCount,
                                mostCount));
            }
            if (redelivered != count > 0) {
                throw new Violation("what came back counts", copy + " says " + count);
            }
            leastCount = count;
            mostCount = count;
        } else if (count > 0) {
            throw new Violation("classic queues do not count", copy.toString());
        }
        total++;
        inThisLife = true;
    }

    /** The delivery that was counted {@code count} is recorded for good. */
    void durable(int count) {
        durably = true;
        durableCount = Math.max(durableCount, count + 1);
    }

    /** It goes back to its queue. */
    void returned() {
        leastCount++;
        mostCount++;
    }

    /** The machine died. */
    void forget() {
        inThisLife = false;
        leastCount = durableCount;
        mostCount = total;
    }
}
