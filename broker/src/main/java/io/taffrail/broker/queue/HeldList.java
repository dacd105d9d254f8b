package io.taffrail.broker.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The unsettled deliveries of one holder, oldest first, with the prefetch limits they count
 * towards. Owner thread only.
 */
final class HeldList {

    private final List<Prefetch> limits;
    private @Nullable HeldDelivery first;
    private @Nullable HeldDelivery last;
    private int size;
    private long added;

    HeldList(List<Prefetch> limits) {
        this.limits = limits;
    }

    /** Number of deliveries ever added. */
    long added() {
        return added;
    }

    /** The oldest unsettled delivery. */
    Optional<HeldDelivery> first() {
        return Optional.ofNullable(first);
    }

    /**
     * Sequence number of the oldest unsettled delivery; {@link Long#MAX_VALUE} if there is none.
     */
    long oldest() {
        return first == null ? Long.MAX_VALUE : first.sequence;
    }

    int size() {
        return size;
    }

    void add(HeldDelivery delivery) {
        delivery.holder = this;
        delivery.sequence = ++added;
        delivery.previous = last;
        if (last == null) {
            first = delivery;
        } else {
            last.next = delivery;
        }
        last = delivery;
        size++;
        limits.forEach(Prefetch::taken);
    }

    void remove(HeldDelivery delivery) {
        HeldDelivery before = delivery.previous;
        HeldDelivery after = delivery.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        delivery.holder = null;
        delivery.previous = null;
        delivery.next = null;
        size--;
        limits.forEach(Prefetch::settled);
    }

    /** Removes all deliveries and returns them, oldest first. */
    List<HeldDelivery> drain() {
        List<HeldDelivery> taken = new ArrayList<>(size);
        for (HeldDelivery delivery = first; delivery != null; delivery = first) {
            remove(delivery);
            taken.add(delivery);
        }
        return taken;
    }

    /** Whether a delivery of this offset is among the oldest {@code most}. */
    boolean contains(long offset, int most) {
        int left = most;
        for (HeldDelivery each = first; each != null && left > 0; each = each.next) {
            if (each.offset() == offset) {
                return true;
            }
            left--;
        }
        return false;
    }

    /** The lowest prefetch limit; 0 if there is none. */
    int lowestLimit() {
        return limits.stream().mapToInt(Prefetch::limit).filter(it -> it > 0).min().orElse(0);
    }

    boolean hasRoom() {
        for (int index = 0; index < limits.size(); index++) {
            if (!limits.get(index).hasRoom()) {
                return false;
            }
        }
        return true;
    }

    /** Whether a prefetch limit that was set for several consumers together is reached. */
    boolean isSharedLimitReached() {
        for (int index = 0; index < limits.size(); index++) {
            if (limits.get(index).limitsSeveral() && !limits.get(index).hasRoom()) {
                return true;
            }
        }
        return false;
    }

    void awaitRoom(Runnable wake) {
        for (Prefetch limit : limits) {
            if (!limit.hasRoom()) {
                limit.awaitRoom(wake);
            }
        }
    }
}
