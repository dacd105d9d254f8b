package io.taffrail.http.management;

import io.taffrail.broker.pattern.InvalidPatternException;
import io.taffrail.broker.pattern.NamePattern;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpProblem;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
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

    /** Answers with a list of objects. */
    static HttpAnswer of(HttpCall call, List<Map<String, @Nullable Object>> all) {
        return of(call, all, _ -> {});
    }

    /**
     * Answers with a list of objects.
     *
     * @param completion
     *            adds the fields that cost more to the objects that are shown;
     *            to all of them if the list is sorted by such a field
     */
    static HttpAnswer of(HttpCall call, List<Map<String, @Nullable Object>> all,
            Consumer<Collection<Map<String, @Nullable Object>>> completion) {
        List<Map<String, @Nullable Object>> list = new ArrayList<>(all);
        Predicate<String> filter = filter(call);
        boolean filtered = call.query("name").filter(it -> !it.isEmpty()).isPresent();
        if (filtered) {
            list.removeIf(it -> !filter.test(String.valueOf(it.get("name"))));
        }
        boolean complete = !list.isEmpty() && call.query("sort")
                .filter(it -> !it.isEmpty() && field(list.getFirst(), it) == null).isPresent();
        if (complete) {
            completion.accept(list);
        }
        sort(call, list);
        Consumer<Collection<Map<String, @Nullable Object>>> rest = complete
                ? _ -> {}
                : completion;
        if (call.query("page").isEmpty()) {
            rest.accept(list);
            return HttpAnswer.json(columns(call, list));
        }
        return HttpAnswer.json(page(call, all.size(), list, rest));
    }

    /** One object with only the columns that were asked for. */
    static HttpAnswer of(HttpCall call, Map<String, @Nullable Object> object) {
        return HttpAnswer.json(columns(call, List.of(object)).getFirst());
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

    private static void sort(HttpCall call, List<Map<String, @Nullable Object>> list) {
        call.query("sort").filter(it -> !it.isEmpty()).ifPresent(key -> {
            Comparator<Map<String, @Nullable Object>> order = Comparator.comparing(
                    it -> Optional.ofNullable(field(it, key)).orElse(""), Listing::compare);
            list.sort(call.flag("sort_reverse") ? order.reversed() : order);
        });
    }

    private static int compare(Object one, Object other) {
        if (one instanceof Number && other instanceof Number) {
            return new BigDecimal(one.toString()).compareTo(new BigDecimal(other.toString()));
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

    private static Map<String, Object> page(HttpCall call, int total,
            List<Map<String, @Nullable Object>> list,
            Consumer<Collection<Map<String, @Nullable Object>>> completion) {
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
        List<Map<String, @Nullable Object>> items = list.subList(from,
                Math.min(list.size(), from + size));
        completion.accept(items);
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

    private static List<Map<String, @Nullable Object>> columns(HttpCall call,
            List<Map<String, @Nullable Object>> list) {
        String wanted = call.query("columns").orElse("");
        if (wanted.isEmpty()) {
            return list;
        }
        String[] names = wanted.split(",", MAX_COLUMNS);
        return list.stream().map(object -> {
            Map<String, @Nullable Object> chosen = new LinkedHashMap<>();
            for (String name : names) {
                choose(object, name.split("\\.", -1), 0, chosen);
            }
            return chosen;
        }).toList();
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
