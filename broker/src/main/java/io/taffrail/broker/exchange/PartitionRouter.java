package io.taffrail.broker.exchange;

import io.taffrail.broker.message.ByteText;
import java.util.List;

/**
 * The router of a super stream, which leads to the partitions of a topic. A key equal to a binding
 * key, such as a partition's number, selects that binding. Any other key selects the partition to
 * which Kafka's producers send a record with this key, by murmur2 hash. Messages without a key are
 * distributed round-robin.
 */
public final class PartitionRouter implements Router {

    private static final int SEED = 0x9747b28c;
    private static final int MULTIPLIER = 0x5bd1e995;
    private static final int SHIFT = 24;

    private final DirectRouter bound = new DirectRouter();
    private List<? extends Destination> partitions = List.of();
    private int next;

    /** Sets the partitions, in order, for messages whose key matches no binding. */
    public void partitions(List<? extends Destination> all) {
        partitions = List.copyOf(all);
    }

    @Override
    public void add(Binding binding, Destination destination) {
        bound.add(binding, destination);
    }

    @Override
    public void remove(Binding binding, Destination destination) {
        bound.remove(binding, destination);
    }

    @Override
    public void route(Walk walk) {
        String key = walk.key();
        if (partitions.isEmpty() || bound.has(key)) {
            bound.route(walk);
        } else if (key.isEmpty()) {
            next = (next + 1) % partitions.size();
            walk.match(partitions.get(next));
        } else {
            int hash = murmur2(ByteText.bytes(key));
            walk.match(partitions.get((hash & Integer.MAX_VALUE) % partitions.size()));
        }
    }

    static int murmur2(byte[] data) {
        int hash = SEED ^ data.length;
        int whole = data.length & ~3;
        for (int at = 0; at < whole; at += 4) {
            int word = (data[at] & 0xFF) | (data[at + 1] & 0xFF) << 8 | (data[at + 2] & 0xFF) << 16
                    | (data[at + 3] & 0xFF) << 24;
            word *= MULTIPLIER;
            word ^= word >>> SHIFT;
            hash = (hash * MULTIPLIER) ^ (word * MULTIPLIER);
        }
        if (whole < data.length) {
            for (int at = data.length - 1; at >= whole; at--) {
                hash ^= (data[at] & 0xFF) << (8 * (at - whole));
            }
            hash *= MULTIPLIER;
        }
        hash ^= hash >>> 13;
        hash *= MULTIPLIER;
        return hash ^ (hash >>> 15);
    }
}
