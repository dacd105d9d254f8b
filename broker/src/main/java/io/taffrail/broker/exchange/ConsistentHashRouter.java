package io.taffrail.broker.exchange;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A router that chooses one binding for each message, by the jump consistent hash of Lamping and
 * Veach. The number of buckets is the sum of the bindings' keys: a binding with key {@code 2} gets
 * twice as many messages as one with key {@code 1}, and a new binding takes messages from the
 * others without moving any between them. Memory does not grow with the weights. Owner thread only.
 */
final class ConsistentHashRouter implements Router {

    /** Largest weight of one binding, so that the sum of all weights fits in a long. */
    private static final long MAX_WEIGHT = 1L << 32;
    private static final long MULTIPLIER = 2_862_933_555_777_941_757L;
    private static final double SCALE = 1L << 31;

    /**
     * The buckets of a binding.
     *
     * @param end
     *            number of the first bucket behind them
     */
    private record Buckets(Destination destination, long end) {}

    private final HashInput input;
    private final Map<Binding, Destination> bindings = new LinkedHashMap<>();
    /**
     * The buckets in the order of their bindings; computed again for the next message after a
     * binding was removed.
     */
    private final List<Buckets> all = new ArrayList<>();
    private boolean stale;

    ConsistentHashRouter(HashInput input) {
        this.input = input;
    }

    /**
     * The reason why a binding key is refused, in the words of RabbitMQ's plugin; empty if it is
     * valid.
     */
    static String problem(String key) {
        try {
            long weight = Long.parseLong(key);
            if (weight < 1) {
                return "The binding key must be greater than 0";
            }
            return weight > MAX_WEIGHT
                    ? "The binding key must not be greater than " + MAX_WEIGHT
                    : "";
        } catch (NumberFormatException _) {
            return "The binding key must be an integer: "
                    + (key.isEmpty() ? "<<>>" : "<<\"" + key.replace("\"", "\\\"") + "\">>");
        }
    }

    @Override
    public void add(Binding binding, Destination destination) {
        bindings.put(binding, destination);
        if (!stale) {
            append(binding, destination);
        }
    }

    private void append(Binding binding, Destination destination) {
        all.add(new Buckets(destination, bucketCount() + Long.parseLong(binding.key())));
    }

    @Override
    public void remove(Binding binding, Destination destination) {
        bindings.remove(binding);
        stale = true;
    }

    private void renew(Walk walk) {
        stale = false;
        all.clear();
        bindings.forEach(this::append);
        walk.charge(all.size());
    }

    private long bucketCount() {
        return all.isEmpty() ? 0 : all.getLast().end;
    }

    @Override
    public boolean isByKey() {
        return false;
    }

    @Override
    public void route(Walk walk) {
        if (stale) {
            renew(walk);
        }
        if (all.isEmpty()) {
            return;
        }
        long bucket = jump(PartitionRouter.murmur2(input.bytes(walk)), bucketCount());
        int low = 0;
        int high = all.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (all.get(middle).end > bucket) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        walk.match(all.get(low).destination);
    }

    /** The bucket of a hash ("A Fast, Minimal Memory, Consistent Hash Algorithm", 2014). */
    private static long jump(long hash, long buckets) {
        long key = hash;
        long bucket = -1;
        long next = 0;
        while (next < buckets) {
            bucket = next;
            key = key * MULTIPLIER + 1;
            next = (long) ((bucket + 1) * (SCALE / ((key >>> 33) + 1)));
        }
        return bucket;
    }
}
