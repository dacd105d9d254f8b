package io.taffrail.http.management;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpUser;
import io.taffrail.net.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ListingTest {

    private static final int COUNT = 4000;

    /** Objects of 1.6 GB together, each made when it is asked for. */
    private final Shown<Integer> all = Shown.of(
            IntStream.range(0, COUNT).boxed().toList(), this::object);

    private Map<String, @Nullable Object> object(int number) {
        return new HashMap<>(Map.of("name", "n" + number, "number", (long) number,
                "inner", Map.of("rest", number % 10L), "bytes", new byte[400_000]));
    }

    private Object listed(Map<String, String> query) throws IOException {
        return read(Listing.of(call(query), all));
    }

    private static HttpCall call(Map<String, String> query) {
        Map<String, List<String>> queries = new HashMap<>();
        query.forEach((name, value) -> queries.put(name, List.of(value)));
        return new HttpCall("GET", "/", Map.of(), queries, _ -> null, new byte[0],
                HttpUser.NOBODY);
    }

    private static Object read(HttpAnswer answer) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        answer.body().writeTo(out);
        Object read = Json.read(out.toString(StandardCharsets.UTF_8));
        assertThat(read).isNotNull();
        return requireNonNull(read);
    }

    private static List<String> names(Object list) {
        return ((List<?>) list).stream().map(it -> String.valueOf(((Map<?, ?>) it).get("name")))
                .toList();
    }

    /** Many requests may list at the same time; a few lists filled the heap. */
    @Test
    void noRequestHoldsTheObjectsOfItsList() throws IOException {
        assertThat((List<?>) listed(Map.of())).hasSize(COUNT);
        assertThat((List<?>) listed(Map.of("sort", "number", "name", "n", "columns", "name")))
                .hasSize(COUNT);
    }

    @Test
    void sortsByAFieldThatOnlyCompletedObjectsHave() throws IOException {
        Shown<Integer> completed = Shown.of(IntStream.range(0, 600).boxed().toList(),
                number -> new HashMap<>(Map.of("name", "n" + number)),
                (entries, objects) -> {
                    for (int index = 0; index < entries.size(); index++) {
                        objects.get(index).put("cost", -(long) entries.get(index));
                    }
                });
        List<?> list = (List<?>) read(Listing.of(call(Map.of("sort", "cost")), completed));

        assertThat(list).hasSize(600);
        assertThat(String.valueOf(list.getFirst())).contains("name=n599", "cost=-599");
        assertThat(String.valueOf(list.getLast())).contains("name=n0", "cost=0");
    }

    @Test
    void sortsAndFiltersAndCuts() throws IOException {
        assertThat(names(listed(Map.of("name", "n399", "sort", "number", "sort_reverse", "true"))))
                .startsWith("n3999", "n3998").endsWith("n3990", "n399").hasSize(11);
        assertThat(names(listed(Map.of("sort", "inner.rest", "name", "^n1.$", "use_regex",
                "true")))).startsWith("n10", "n11").endsWith("n19");
        Object page = listed(Map.of("page", "2", "page_size", "300", "sort", "number",
                "columns", "name,inner.rest"));

        assertThat(page).isInstanceOf(Map.class);
        List<?> items = (List<?>) requireNonNull(
                ((Map<?, ?>) page).get("items"));
        assertThat(items).hasSize(300);
        assertThat(String.valueOf(items.getFirst())).isEqualTo("{name=n300, inner={rest=0}}");
    }
}
