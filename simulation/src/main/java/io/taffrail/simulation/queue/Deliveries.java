package io.taffrail.simulation.queue;

import io.taffrail.simulation.world.Violation;

/** The deliveries of a copy, and the redelivery marks that its next delivery must carry. */
final class Deliveries {

    private int total;
    private boolean inThisLife;
    private boolean durably;
    private int durableCount;
    private int leastCount;
    private int mostCount;

    /** Number of deliveries in all lives. */
    int total() {
        return total;
    }

    /** Number of returns known in this life, if the queue counts them. */
    int count() {
        return mostCount;
    }

    /** The copy is delivered with these marks. */
    void add(Copy copy, boolean redelivered, int count) {
        // With priorities, a restart may take a message that was passed over for a delivered one.
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

    /** The delivery with {@code count} is recorded durably. */
    void durable(int count) {
        durably = true;
        durableCount = Math.max(durableCount, count + 1);
    }

    /** The copy is requeued. */
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
