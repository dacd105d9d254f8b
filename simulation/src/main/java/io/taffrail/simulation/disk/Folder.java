package io.taffrail.simulation.disk;

import io.taffrail.simulation.world.Dice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The names in a folder: as programs see them, as they are on the platter, and the changes
 * between the two.
 */
final class Folder {

    /** An entry: a file or a folder. */
    record Entry(@Nullable Inode file, @Nullable Folder folder) {}

    private sealed interface Change {

        record Link(String name, Entry entry) implements Change {}

        record Unlink(String name, Entry entry) implements Change {}

        record Rename(String from, String to, Entry entry) implements Change {}
    }

    private TreeMap<String, Entry> cached = new TreeMap<>();
    private final TreeMap<String, Entry> platter = new TreeMap<>();
    private final List<Change> unforced = new ArrayList<>();

    Map<String, Entry> entries() {
        return cached;
    }

    @Nullable
    Entry get(String name) {
        return cached.get(name);
    }

    void link(String name, Entry entry) {
        cached.put(name, entry);
        unforced.add(new Change.Link(name, entry));
    }

    void unlink(String name) {
        Entry entry = cached.remove(name);
        if (entry != null) {
            unforced.add(new Change.Unlink(name, entry));
        }
    }

    void rename(String from, String to) {
        Entry entry = cached.remove(from);
        if (entry == null) {
            throw new IllegalStateException(from + " is not there");
        }
        cached.put(to, entry);
        unforced.add(new Change.Rename(from, to, entry));
    }

    void force() {
        unforced.forEach(this::persist);
        unforced.clear();
    }

    private void persist(Change change) {
        switch (change) {
            case Change.Link link -> platter.put(link.name, link.entry);
            case Change.Unlink unlink -> platter.remove(unlink.name, unlink.entry);
            case Change.Rename rename -> {
                if (platter.remove(rename.from, rename.entry)) {
                    platter.put(rename.to, rename.entry);
                }
            }
        }
    }

    void powerCut(Dice dice, Survival survival) {
        for (Change change : unforced) {
            if (survival.keeps(dice)) {
                persist(change);
            }
        }
        unforced.clear();
        cached = new TreeMap<>(platter);
        for (Entry entry : cached.values()) {
            if (entry.folder() != null) {
                entry.folder().powerCut(dice, survival);
            }
            if (entry.file() != null) {
                entry.file().powerCut(dice, survival);
            }
        }
    }
}
