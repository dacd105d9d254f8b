package io.taffrail.broker.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Deliveries in one pair of hands, oldest first, with the limits they count for. */
final class HeldList {

    private final List<Prefetch> limits;
    private @Nullable HeldDelivery first;
    private @Nullable HeldDelivery last;
    private int size;
    private long added;

    HeldList(List<Prefetch> limits) {
        this.limits = limits;
    }

    /** Deliveries it was ever given. */
    long added() {
        return added;
    }

    /** The oldest it holds. */
    Optional<HeldDelivery> first() {
        return Optional.ofNullable(first);
    }

    /** Which the oldest is of those; {@link Long#MAX_VALUE} if it holds none. */
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

    /** Takes every delivery out; returns them, oldest first. */
    List<HeldDelivery> drain() {
        List<HeldDelivery> taken = new ArrayList<>(size);
        for (HeldDelivery delivery = first; delivery != null; delivery = first) {
            remove(delivery);
            taken.add(delivery);
        }
        return taken;
    }

    boolean hasRoom() {
        for (int index = 0; index < limits.size(); index++) {
            if (!limits.get(index).hasRoom()) {
                return false;
            }
        }
        return true;
    }

    /** Whether a limit that somebody set for several consumers together is reached. */
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
