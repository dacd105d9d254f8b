package io.taffrail.simulation.world;

import java.util.ArrayList;
import java.util.List;

/** What happened, in order: a hash of all of it and the last events as text. */
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

    /** Records an event; the numbers mean what {@code what} says. */
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

    /** From now on something else than the seed may decide, too: the hash is of what was before. */
    public void decidedElsewhere() {
        decidedElsewhere = true;
    }

    private void mix(long value) {
        hash = (hash ^ value) * PRIME;
        hash ^= hash >>> 29;
    }

    /** Equal for runs in which the seed had the same things happen in the same order. */
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
