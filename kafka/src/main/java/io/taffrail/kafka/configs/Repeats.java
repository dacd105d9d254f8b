package io.taffrail.kafka.configs;

import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.errors.InvalidRequestException;

/**
 * Check for repeated names in a request that alters settings. Kafka refuses them, because the order
 * of such changes would be undefined.
 */
final class Repeats {

    /** A named resource. Comparable, so that hash sets stay fast if clients choose equal hashes. */
    private record Resource(byte type, String name) implements Comparable<Resource> {

        private static final Comparator<Resource> ORDER = Comparator
                .comparingInt(Resource::type).thenComparing(Resource::name);

        @Override
        public int compareTo(Resource other) {
            return ORDER.compare(this, other);
        }
    }

    private final Set<Resource> seen = new HashSet<>();
    private final Set<Resource> repeated = new HashSet<>();

    /** Counts one occurrence of a resource. */
    void add(byte type, String name) {
        Resource resource = new Resource(type, name);
        if (!seen.add(resource)) {
            repeated.add(resource);
        }
    }

    /** Fails if the resource occurs more than once. */
    void requireOnce(byte type, String name) {
        if (repeated.contains(new Resource(type, name))) {
            throw new InvalidRequestException("Each resource must appear at most once.");
        }
    }

    /** Fails if two settings of one resource have the same name. */
    static <T> void requireDistinct(Iterable<T> settings, Function<T, String> name) {
        Set<String> names = new HashSet<>();
        for (T setting : settings) {
            if (!names.add(name.apply(setting))) {
                throw new InvalidRequestException("Error due to duplicate config keys");
            }
        }
    }
}
