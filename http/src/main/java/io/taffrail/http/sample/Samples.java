package io.taffrail.http.sample;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The series of all objects of one kind, by virtual host and name; objects without a host have the
 * empty one. Two samples are kept of each object, and more of those that a client looks at. Filled
 * by one thread; safe for any thread to read.
 */
public final class Samples {

    /** Samples of an object that nobody looks at: enough for a rate. */
    private static final int FEW = 2;
    /** Samples of an object that is looked at: 10 minutes. */
    private static final int MANY = 120;
    /** Objects that are looked at; beyond that, further ones keep few samples. */
    private static final int MAX_WATCHED = 256;

    private record Key(String host, String name) {}

    private volatile Map<Key, Series> series = Map.of();
    private final Map<Key, Boolean> watched = new ConcurrentHashMap<>();
    private Map<Key, Series> filling = new HashMap<>();

    /** The series of an object, if it was sampled. */
    public Optional<Series> find(String host, String name) {
        return Optional.ofNullable(series.get(new Key(host, name)));
    }

    /** As {@link #find}; from now on more samples of the object are kept. */
    public Optional<Series> watch(String host, String name) {
        if (watched.size() < MAX_WATCHED) {
            watched.put(new Key(host, name), true);
        }
        return find(host, name);
    }

    /** Begins a new round; objects that it does not sample are forgotten. */
    void begin() {
        filling = new HashMap<>();
    }

    void add(String host, String name, long timeMs, long[] numbers) {
        Key key = new Key(host, name);
        int capacity = watched.containsKey(key) ? MANY : FEW;
        Series known = series.get(key);
        Series now = known == null
                ? new Series(capacity)
                : known.capacity() == capacity ? known : known.resized(capacity);
        now.add(timeMs, numbers);
        filling.put(key, now);
    }

    /** Ends the round. */
    void end() {
        series = Map.copyOf(filling);
        watched.keySet().retainAll(series.keySet());
    }

    /** Forgets everything. */
    void clear() {
        series = Map.of();
        watched.clear();
    }
}
