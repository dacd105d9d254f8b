package io.taffrail.http.management;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.RandomAccess;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The JSON objects of a list, made when they are written and not kept: an object takes ten times
 * the memory of the entry that it shows, and many requests list tens of thousands at a time. While
 * iterated, {@value #AT_ONCE} objects are made and completed together. Used by one thread.
 */
final class Shown<E> extends AbstractList<Map<String, @Nullable Object>> implements RandomAccess {

    /** Objects that are in memory at a time. */
    static final int AT_ONCE = 256;

    /** Adds the fields that cost more to the objects of some entries. */
    @FunctionalInterface
    interface Completion<E> {

        void complete(List<E> entries, List<Map<String, @Nullable Object>> objects);
    }

    private final List<E> entries;
    private final Function<E, Map<String, @Nullable Object>> form;
    private final Completion<E> completion;

    private Shown(List<E> entries, Function<E, Map<String, @Nullable Object>> form,
            Completion<E> completion) {
        this.entries = entries;
        this.form = form;
        this.completion = completion;
    }

    /**
     * The objects of these entries.
     *
     * @param form
     *            makes a new object
     */
    static <E> Shown<E> of(List<E> entries, Function<E, Map<String, @Nullable Object>> form) {
        return of(entries, form, (_, _) -> {});
    }

    /** As above, with fields that an object has while the list is iterated. */
    static <E> Shown<E> of(List<E> entries, Function<E, Map<String, @Nullable Object>> form,
            Completion<E> completion) {
        return new Shown<>(entries, form, completion);
    }

    /** The objects of other entries in the same form. */
    Shown<E> with(List<E> others) {
        return new Shown<>(others, form, completion);
    }

    List<E> entries() {
        return entries;
    }

    /** An object without the fields that cost more. */
    @Override
    public Map<String, @Nullable Object> get(int index) {
        return form.apply(entries.get(index));
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public Iterator<Map<String, @Nullable Object>> iterator() {
        return new Iterator<>() {

            private int next;
            private int made;
            private List<Map<String, @Nullable Object>> objects = List.of();

            @Override
            public boolean hasNext() {
                return next < entries.size();
            }

            @Override
            public Map<String, @Nullable Object> next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                if (next == made) {
                    made = Math.min(entries.size(), next + AT_ONCE);
                    objects = made(next, made);
                }
                Map<String, @Nullable Object> object = objects.get(objects.size() - made + next);
                next++;
                return object;
            }
        };
    }

    private List<Map<String, @Nullable Object>> made(int from, int to) {
        List<Map<String, @Nullable Object>> objects = new ArrayList<>(to - from);
        for (int index = from; index < to; index++) {
            objects.add(get(index));
        }
        completion.complete(entries.subList(from, to), objects);
        return objects;
    }
}
