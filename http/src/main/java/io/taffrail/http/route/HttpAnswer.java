package io.taffrail.http.route;

import io.taffrail.net.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The answer to a request.
 *
 * @param contentType
 *            empty if there is no body
 * @param body
 *            writes the body; called once, on the request's virtual thread, which blocks while the
 *            client does not read
 */
public record HttpAnswer(int status, String contentType, Map<String, String> headers, Body body)
        implements
            HttpReply {

    /** Media type of JSON. */
    public static final String JSON = "application/json";

    /** Writes the body of an answer. */
    @FunctionalInterface
    public interface Body {

        void writeTo(OutputStream out) throws IOException;
    }

    /** An answer without a body. */
    public static HttpAnswer empty(int status) {
        return new HttpAnswer(status, "", Map.of(), _ -> {});
    }

    /** 204, or 201 if something was created. */
    public static HttpAnswer changed(boolean created) {
        return empty(created ? 201 : 204);
    }

    /** A value as {@link Json#write}; a list may compute its elements while it is written. */
    public static HttpAnswer json(int status, Object value) {
        return new HttpAnswer(status, JSON, Map.of(), out -> {
            Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
            Json.write(value, writer);
            writer.flush();
        });
    }

    /** 200 with a value. */
    public static HttpAnswer json(Object value) {
        return json(200, value);
    }

    /** 200 with a text of this media type. */
    public static HttpAnswer text(String contentType, String text) {
        return new HttpAnswer(200, contentType, Map.of(),
                out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** This answer with one more header. */
    public HttpAnswer with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpAnswer(status, contentType, more, body);
    }

    /** This answer with another media type. */
    public HttpAnswer as(String mediaType) {
        return new HttpAnswer(status, mediaType, headers, body);
    }

    /** The content type, if there is a body. */
    public Optional<String> type() {
        return contentType.isEmpty() ? Optional.empty() : Optional.of(contentType);
    }
}
