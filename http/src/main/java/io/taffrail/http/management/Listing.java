package io.taffrail.http.management;

import io.taffrail.broker.pattern.InvalidPatternException;
import io.taffrail.broker.pattern.NamePattern;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpProblem;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A list of objects in the form that a request asks for: {@code page}, {@code page_size},
 * {@code name} with {@code use_regex}, {@code sort} with {@code sort_reverse}, {@code columns}.
 */
final class Listing {

    private static final int DEFAULT_PAGE_SIZE = 100;
    private static final int MAX_PAGE_SIZE = 500;
    private static final int MAX_COLUMNS = 100;

    private Listing() {}

    /** An entry with the field to sort by. */
    private record Keyed<E>(E entry, Object key) {}

    /** Answers with a list of objects. */
    static HttpAnswer of(HttpCall call, List<Map<String, @Nullable Object>> all) {
        return of(call, Shown.of(all, it -> it));
    }

    /**
     * Answers with a list of objects. They are completed if they are shown; all of them if the list
     * is sorted by a field that only completed objects have.
     */
    static <E> HttpAnswer of(HttpCall call, Shown<E> all) {
        Shown<E> list = sorted(call, filtered(call, all));
        return HttpAnswer.json(call.query("page").isEmpty()
                ? columns(call, list)
                : page(call, all.size(), list));
    }

    private static <E> Shown<E> filtered(HttpCall call, Shown<E> all) {
        Predicate<String> filter = filter(call);
        if (call.query("name").filter(it -> !it.isEmpty()).isEmpty()) {
            return all;
        }
        List<E> chosen = new ArrayList<>();
        for (int index = 0; index < all.size(); index++) {
            if (filter.test(String.valueOf(all.get(index).get("name")))) {
                chosen.add(all.entries().get(index));
            }
        }
        return all.with(chosen);
    }

    /** One object with only the columns that were asked for. */
    static HttpAnswer of(HttpCall call, Map<String, @Nullable Object> object) {
        return HttpAnswer.json(columns(call, List.of(object)).iterator().next());
    }

    private static Predicate<String> filter(HttpCall call) {
        String text = call.query("name").orElse("");
        if (!call.flag("use_regex")) {
            return name -> name.toLowerCase(java.util.Locale.ROOT)
                    .contains(text.toLowerCase(java.util.Locale.ROOT));
        }
        try {
            return NamePattern.of(text)::isFoundIn;
        } catch (InvalidPatternException e) {
            throw HttpProblem.badRequest("invalid regexp '" + text + "': " + e.getMessage());
        }
    }

    private static <E> Shown<E> sorted(HttpCall call, Shown<E> list) {
        String name = call.query("sort").orElse("");
        if (name.isEmpty() || list.isEmpty()) {
            return list;
        }
        boolean complete = field(list.getFirst(), name) == null;
        Iterator<Map<String, @Nullable Object>> completed = list.iterator();
        List<Keyed<E>> keyed = new ArrayList<>(list.size());
        for (int index = 0; index < list.size(); index++) {
            Object key = field(complete ? completed.next() : list.get(index), name);
            keyed.add(new Keyed<>(list.entries().get(index), key == null ? "" : key));
        }
        Comparator<Keyed<E>> order = Comparator.comparing(Keyed::key, Listing::compare);
        keyed.sort(call.flag("sort_reverse") ? order.reversed() : order);
        return list.with(keyed.stream().map(Keyed::entry).toList());
    }

    private static int compare(Object one, Object other) {
        if (one instanceof Number left && other instanceof Number right) {
            return left instanceof Long whole && right instanceof Long count
                    ? Long.compare(whole, count)
                    : Double.compare(left.doubleValue(), right.doubleValue());
        }
        if (one instanceof Number || other instanceof Number) {
            return one instanceof Number ? -1 : 1;
        }
        return one.toString().compareTo(other.toString());
    }

    /** A field by its name with dots, such as {@code messages_details.rate}. */
    private static @Nullable Object field(Map<?, ?> object, String path) {
        Object value = object;
        for (String name : path.split("\\.", -1)) {
            value = value instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return value;
    }

    private static <E> Map<String, Object> page(HttpCall call, int total, Shown<E> list) {
        int page = number(call, "page", 1);
        int size = number(call, "page_size", DEFAULT_PAGE_SIZE);
        if (page < 1 || size < 1 || size > MAX_PAGE_SIZE) {
            throw HttpProblem.badRequest("page and page_size are at least 1, page_size is at most "
                    + MAX_PAGE_SIZE);
        }
        int count = (list.size() + size - 1) / size;
        if (page > Math.max(1, count)) {
            throw new HttpProblem(400, "page_out_of_range", "Page out of range, page: " + page
                    + " page size: " + size + ", len: " + list.size());
        }
        int from = (page - 1) * size;
        List<Map<String, @Nullable Object>> items = new ArrayList<>(size);
        list.with(list.entries().subList(from, Math.min(list.size(), from + size)))
                .iterator().forEachRemaining(items::add);
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("filtered_count", list.size());
        object.put("item_count", items.size());
        object.put("items", columns(call, items));
        object.put("page", page);
        object.put("page_count", count);
        object.put("page_size", size);
        object.put("total_count", total);
        return object;
    }

    private static int number(HttpCall call, String name, int otherwise) {
        try {
            return call.query(name).map(Integer::parseInt).orElse(otherwise);
        } catch (NumberFormatException _) {
            throw HttpProblem.badRequest("'" + name + "' is no number");
        }
    }

    private static Collection<Map<String, @Nullable Object>> columns(HttpCall call,
            List<Map<String, @Nullable Object>> list) {
        String wanted = call.query("columns").orElse("");
        if (wanted.isEmpty()) {
            return list;
        }
        String[] names = wanted.split(",", MAX_COLUMNS);
        return new AbstractCollection<>() {

            @Override
            public Iterator<Map<String, @Nullable Object>> iterator() {
                Iterator<Map<String, @Nullable Object>> objects = list.iterator();
                return new Iterator<>() {

                    @Override
                    public boolean hasNext() {
                        return objects.hasNext();
                    }

                    @Override
                    public Map<String, @Nullable Object> next() {
                        return chosen(objects.next(), names);
                    }
                };
            }

            @Override
            public int size() {
                return list.size();
            }
        };
    }

    private static Map<String, @Nullable Object> chosen(Map<String, @Nullable Object> object,
            String[] names) {
        Map<String, @Nullable Object> chosen = new LinkedHashMap<>();
        for (String name : names) {
            choose(object, name.split("\\.", -1), 0, chosen);
        }
        return chosen;
    }

    private static void choose(Map<?, ?> from, String[] path, int at,
            Map<String, @Nullable Object> to) {
        String name = path[at];
        if (!from.containsKey(name)) {
            return;
        }
        Object value = from.get(name);
        if (at == path.length - 1) {
            to.put(name, value);
        } else if (value instanceof Map<?, ?> inner) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            if (to.get(name) instanceof Map<?, ?> begun) {
                begun.forEach((key, it) -> object.put(String.valueOf(key), it));
            }
            choose(inner, path, at + 1, object);
            to.put(name, object);
        }
    }
}
