package io.taffrail.testkit.http;

import io.taffrail.cli.server.Taffrail;
import io.taffrail.net.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Calls the HTTP head of a broker as a user of the configuration. */
record HttpCaller(Taffrail broker, HttpClient client, String credentials) {

    /** An answer with its JSON value. */
    record Answer(int status, @Nullable Object value) {

        /** A field by a path of names and indices. */
        @Nullable
        Object at(Object... path) {
            @Nullable
            Object found = value;
            for (Object part : path) {
                found = part instanceof Integer index
                        ? ((List<?>) Objects.requireNonNull(found)).get(index)
                        : ((Map<?, ?>) Objects.requireNonNull(found)).get(part);
            }
            return found;
        }

        /** A number by its path. */
        long number(Object... path) {
            return ((Number) Objects.requireNonNull(at(path))).longValue();
        }

        /** A text by its path. */
        String text(Object... path) {
            return String.valueOf(at(path));
        }

        /** The length of a list by its path. */
        int size(Object... path) {
            return ((List<?>) Objects.requireNonNull(at(path))).size();
        }
    }

    static HttpCaller of(Taffrail broker) {
        return new HttpCaller(broker, HttpClient.newHttpClient(), "guest:guest");
    }

    HttpCaller as(String user) {
        return new HttpCaller(broker, client, user);
    }

    Answer get(String path) {
        return call("GET", path, "");
    }

    Answer call(String method, String path, Object body) {
        int port = broker.httpAddress().orElseThrow().getPort();
        HttpRequest request = HttpRequest
                .newBuilder(URI.create("http://127.0.0.1:" + port + "/api" + path))
                .header("authorization", "Basic " + Base64.getEncoder()
                        .encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
                .method(method, body.equals("")
                        ? BodyPublishers.noBody()
                        : BodyPublishers.ofString(Json.write(body)))
                .build();
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body().isEmpty()
                    ? ""
                    : Json.read(response.body()));
        } catch (java.io.IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
