package io.taffrail.simulation.world;

import java.util.ArrayList;
import java.util.List;

/** The events of a run in order: a hash of all of them and the last ones as text. */
public final class Trace {

    private static final int KEPT = Integer.getInteger("taffrail.simulation.trace", 400);
    private static final long PRIME = 0x100000001B3L;

    private record Event(long number, String what, String subject, long a, long b) {
        @Override
        public String toString() {
            return "%6d %-18s %s %d %d".formatted(number, what, subject, a, b);
        }
    }

    private final Event[] last = new Event[KEPT];
    private long count;
    private long hash = 0xCBF29CE484222325L;
    private boolean decidedElsewhere;

    /** Records an event; {@code what} determines the meaning of the numbers. */
    public void event(String what, String subject, long a, long b) {
        last[(int) (count % KEPT)] = new Event(count, what, subject, a, b);
        count++;
        if (!decidedElsewhere) {
            mix(what.hashCode());
            mix(subject.hashCode());
            mix(a);
            mix(b);
        }
    }

    /** Freezes the hash: from now on the events do not depend on the seed alone. */
    public void decidedElsewhere() {
        decidedElsewhere = true;
    }

    private void mix(long value) {
        hash = (hash ^ value) * PRIME;
        hash ^= hash >>> 29;
    }

    /** Hash of the events; equal for runs with the same events in the same order. */
    public long hash() {
        return hash;
    }

    public long count() {
        return count;
    }

    /** The last events, oldest first. */
    public List<String> tail(int events) {
        List<String> lines = new ArrayList<>();
        for (long i = Math.max(0, count - Math.min(events, KEPT)); i < count; i++) {
            lines.add(last[(int) (i % KEPT)].toString());
        }
        return lines;
    }
}
