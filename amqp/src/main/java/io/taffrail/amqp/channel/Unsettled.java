package io.taffrail.amqp.channel;

import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.Settlement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The unsettled deliveries of a channel, in the order of their tags. A ring buffer: a delivery
 * settled out of order leaves a hole until the hole reaches the head or more than half of a full
 * ring is holes. On the connection's loop only.
 */
final class Unsettled {

    /** Receives removed deliveries. */
    interface Taker {
        void take(long tag, Delivery delivery);
    }

    private static final int SMALLEST = 16;
    /** A larger ring is given back when nothing is in it. */
    private static final int KEPT = 4096;

    private long[] tags = new long[SMALLEST];
    private @Nullable Delivery[] deliveries = new @Nullable Delivery[SMALLEST];
    /** Index of the oldest entry, which is never a hole. */
    private int head;
    /** Number of entries, including holes. */
    private int length;
    private int holes;

    /** Number of unsettled deliveries. */
    int size() {
        return length - holes;
    }

    /**
     * Adds a delivery at the tail.
     *
     * @param tag
     *            larger than every tag present
     */
    void add(long tag, Delivery delivery) {
        if (length == tags.length) {
            makeRoom();
        }
        int at = slot(length);
        tags[at] = tag;
        deliveries[at] = delivery;
        length++;
    }

    /** Removes a delivery; {@code null} if the tag is unknown or already settled. */
    @Nullable
    Delivery take(long tag) {
        int index = find(tag);
        if (index < 0) {
            return null;
        }
        int at = slot(index);
        Delivery found = deliveries[at];
        deliveries[at] = null;
        holes++;
        dropHoles();
        return found;
    }

    /** True if a delivery with this tag is unsettled. */
    boolean contains(long tag) {
        return find(tag) >= 0;
    }

    /** How many deliveries there are at most up to and with this tag: holes count too. */
    int countUpTo(long tag) {
        int low = 0;
        int high = length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (tags[slot(middle)] <= tag) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * Removes all deliveries with tags up to and including {@code tag}, oldest first;
     * {@code taker} may add new ones.
     */
    void takeUpTo(long tag, Taker taker) {
        while (length > 0 && tags[head] <= tag) {
            long taken = tags[head];
            Delivery delivery = deliveries[head];
            dropHead();
            if (delivery == null) {
                holes--;
            } else {
                dropHoles();
                taker.take(taken, delivery);
            }
        }
    }

    /** Puts deliveries back in tag order; they may be older than those present. */
    void restore(List<Transaction.Settled> taken) {
        List<Transaction.Settled> all = new ArrayList<>(taken);
        takeUpTo(Long.MAX_VALUE, (tag, delivery) -> all
                .add(new Transaction.Settled(tag, delivery, Settlement.REQUEUE)));
        all.sort(Comparator.comparingLong(Transaction.Settled::tag));
        all.forEach(each -> add(each.tag(), each.delivery()));
    }

    private int find(long tag) {
        int low = 0;
        int high = length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = tags[slot(middle)];
            if (found < tag) {
                low = middle + 1;
            } else if (found > tag) {
                high = middle - 1;
            } else {
                return deliveries[slot(middle)] == null ? -1 : middle;
            }
        }
        return -1;
    }

    private int slot(int index) {
        return (head + index) & (tags.length - 1);
    }

    private void dropHoles() {
        while (length > 0 && deliveries[head] == null) {
            holes--;
            dropHead();
        }
    }

    private void dropHead() {
        deliveries[head] = null;
        head = (head + 1) & (tags.length - 1);
        length--;
        if (length == 0 && tags.length > KEPT) {
            tags = new long[SMALLEST];
            deliveries = new @Nullable Delivery[SMALLEST];
            head = 0;
        }
    }

    private void makeRoom() {
        int capacity = holes > length / 2 ? tags.length : tags.length * 2;
        long[] newTags = new long[capacity];
        @Nullable
        Delivery[] newDeliveries = new @Nullable Delivery[capacity];
        int kept = 0;
        for (int i = 0; i < length; i++) {
            int at = slot(i);
            if (deliveries[at] != null) {
                newTags[kept] = tags[at];
                newDeliveries[kept++] = deliveries[at];
            }
        }
        Arrays.fill(deliveries, null);
        tags = newTags;
        deliveries = newDeliveries;
        head = 0;
        length = kept;
        holes = 0;
    }
}
