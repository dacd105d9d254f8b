package io.taffrail.http.route;

import io.taffrail.net.json.Json;
import io.taffrail.net.json.JsonException;
import io.taffrail.net.json.JsonSizeException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request as a route sees it. Used by one virtual thread.
 *
 * @param parameters
 *            parts of the path that the route's pattern names, decoded
 * @param queries
 *            decoded; of a name that comes twice the last value counts, where one is expected
 * @param headers
 *            looks up a header by name, without regard to case; null if it is absent
 */
public record HttpCall(String method, String path, Map<String, String> parameters,
        Map<String, List<String>> queries, Function<String, @Nullable String> headers, byte[] body,
        HttpUser user) {

    /** A part of the path. */
    public String parameter(String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no part '" + name + "'");
        }
        return value;
    }

    /** A header's value. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.apply(name));
    }

    /** All values of a name in the query. */
    public List<String> queries(String name) {
        return queries.getOrDefault(name, List.of());
    }

    /** A value of the query. */
    public Optional<String> query(String name) {
        return Optional.ofNullable(queries.get(name)).map(List::getLast);
    }

    /** Whether a flag of the query is set. */
    public boolean flag(String name) {
        return query(name).equals(Optional.of("true"));
    }

    /**
     * The body as a JSON object; an empty body is an empty object.
     *
     * @throws HttpProblem
     *             if it is something else
     */
    public HttpFields fields() {
        if (body.length == 0) {
            return new HttpFields(Map.of());
        }
        try {
            Object value = Json.read(new String(body, StandardCharsets.UTF_8),
                    HeapRoom.shareBytes());
            if (value instanceof Map<?, ?> map) {
                return new HttpFields(map);
            }
        } catch (JsonSizeException e) {
            throw new HttpProblem(413, "bad_request", String.valueOf(e.getMessage()));
        } catch (JsonException _) {
            // RabbitMQ does not say where the text is wrong either.
        }
        throw HttpProblem.badRequest("not_json");
    }
}
