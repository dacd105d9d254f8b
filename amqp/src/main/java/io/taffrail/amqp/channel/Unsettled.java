package io.taffrail.amqp.channel;

import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.Settlement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries a channel's client has not settled, in the order of their tags: a ring, in which what
 * was settled out of order leaves a hole until it comes to the front or half of the ring is holes.
 */
final class Unsettled {

    /** Is given what is taken out. */
    interface Taker {
        void take(long tag, Delivery delivery);
    }

    private static final int SMALLEST = 16;

    private long[] tags = new long[SMALLEST];
    private @Nullable Delivery[] deliveries = new @Nullable Delivery[SMALLEST];
    /** Index of the oldest entry, which is never a hole. */
    private int head;
    /** Entries, holes included. */
    private int length;
    private int holes;

    /** Deliveries held. */
    int size() {
        return length - holes;
    }

    /**
     * Adds the newest.
     *
     * @param tag
     *            larger than every other
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

    /** Takes one out; {@code null} if it is not there. */
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

    /** Whether a delivery of this tag is there. */
    boolean contains(long tag) {
        return find(tag) >= 0;
    }

    /** Takes out all up to and with {@code tag}, in order; {@code taker} may add new ones. */
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

    /** Puts back what was taken; the taken ones may be older than those held. */
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
