package io.taffrail.simulation.script;

import io.taffrail.simulation.world.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The knowledge about an object that is created and deleted: which incarnation may exist, and which
 * entries each must have. Entries begin with the number of their incarnation.
 */
final class Incarnations {

    private static final int ABSENT = 0;

    private final String what;
    private final Set<Integer> possible = new TreeSet<>(Set.of(ABSENT));
    private final List<String> stored = new ArrayList<>();
    private final List<String> certain = new ArrayList<>();
    private int last;

    Incarnations(String what) {
        this.what = what;
    }

    /** A creation begins. */
    void creates() {
        possible.add(++last);
    }

    void created() {
        possible.retainAll(Set.of(last));
    }

    /** A deletion begins. */
    void deletes() {
        possible.add(ABSENT);
    }

    void deleted() {
        possible.retainAll(Set.of(ABSENT));
    }

    /** Entries are about to be stored; returns them. */
    List<String> stores(int count, String filler) {
        List<String> entries = new ArrayList<>();
        for (int left = count; left > 0; left--) {
            entries.add(last + ":" + (stored.size() + entries.size()) + filler);
        }
        stored.addAll(entries);
        return entries;
    }

    /** All entries so far are stored durably. */
    void stored() {
        certain.clear();
        certain.addAll(stored);
    }

    void requireAbsent() {
        if (!possible.contains(ABSENT)) {
            throw new Violation("what was created exists", what + " is not there");
        }
        possible.retainAll(Set.of(ABSENT));
    }

    /** Requires that the entries are those of a possible incarnation, in order. */
    void requirePresent(List<String> found) {
        Set<Integer> present = new TreeSet<>(possible);
        present.remove(ABSENT);
        present.removeIf(it -> !fits(it, found));
        if (present.isEmpty()) {
            throw new Violation("an object has its own entries, in order", what
                    + " has " + found + ", may be " + possible + ", must have " + certain);
        }
        possible.retainAll(present);
    }

    private boolean fits(int incarnation, List<String> found) {
        String prefix = incarnation + ":";
        List<String> may = new ArrayList<>(stored);
        may.removeIf(it -> !it.startsWith(prefix));
        List<String> must = new ArrayList<>(certain);
        must.removeIf(it -> !it.startsWith(prefix));
        may.retainAll(found);
        return found.equals(may) && found.containsAll(must);
    }
}
