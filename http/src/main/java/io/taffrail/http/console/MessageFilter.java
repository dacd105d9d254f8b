package io.taffrail.http.console;

import io.taffrail.broker.message.ByteText;
import io.taffrail.broker.message.RecordCursor;
import io.taffrail.http.route.HttpCall;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Chooses messages by their routing key or record key, and by a text that their body, their key or
 * their properties contain. Bytes are compared, so the case counts.
 */
final class MessageFilter implements Predicate<RecordCursor> {

    private final Optional<String> key;
    private final byte[] text;

    MessageFilter(HttpCall call) {
        this.key = call.query("key").filter(it -> !it.isEmpty());
        this.text = call.query("text").orElse("").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean test(RecordCursor message) {
        if (key.isPresent() && !ByteText.of(message.routingKey()).equals(key.get())) {
            return false;
        }
        return text.length == 0 || contains(message.body()) || contains(message.routingKey())
                || contains(message.properties());
    }

    private boolean contains(ByteBuffer bytes) {
        int last = bytes.limit() - text.length;
        for (int at = bytes.position(); at <= last; at++) {
            if (bytes.get(at) == text[0] && matches(bytes, at)) {
                return true;
            }
        }
        return false;
    }

    private boolean matches(ByteBuffer bytes, int at) {
        for (int index = 1; index < text.length; index++) {
            if (bytes.get(at + index) != text[index]) {
                return false;
            }
        }
        return true;
    }
}
