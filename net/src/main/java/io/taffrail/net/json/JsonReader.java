package io.taffrail.net.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one text, and counts the memory of the objects for its values. Used by one thread. */
final class JsonReader {

    /** Most zeros in front of or behind the digits of a number. */
    private static final int MAX_ZEROS = 1000;

    /**
     * Bytes of a map with its table, of a list, of a member with its name, and of another value.
     */
    private static final int OBJECT_BYTES = 144;
    private static final int ARRAY_BYTES = 80;
    private static final int MEMBER_BYTES = 88;
    private static final int VALUE_BYTES = 56;

    private final long mostBytes;
    private long bytes;

    JsonReader(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    @Nullable
    Object read(JsonFactory factory, String text) {
        try (JsonParser parser = factory.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new JsonException("the text is empty");
            }
            Object value = value(parser);
            if (parser.nextToken() != null) {
                throw wrong("something follows the value", parser);
            }
            return value;
        } catch (JsonEOFException e) {
            throw new JsonException("the text ends within a value", e);
        } catch (JsonProcessingException e) {
            throw new JsonException(e.getOriginalMessage() + place(e.getLocation()),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void count(int more) {
        bytes += more;
        if (bytes > mostBytes) {
            throw new JsonSizeException("the objects for the values in the text would take more"
                    + " than " + mostBytes + " bytes");
        }
    }

    /** Reads the value that begins with the parser's current token. */
    private @Nullable Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> {
                count(VALUE_BYTES);
                yield parser.getText();
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                throw wrong("no value begins", parser);
        };
    }

    /** A number whose digits may be written out; an exponent alone could ask for 2 GiB of zeros. */
    private BigDecimal number(JsonParser parser) throws IOException {
        count(VALUE_BYTES);
        BigDecimal number;
        try {
            number = parser.getDecimalValue();
        } catch (NumberFormatException e) {
            throw new JsonException("a number is malformed" + place(parser.currentTokenLocation()),
                    e);
        }
        if (Math.abs((long) number.scale()) > MAX_ZEROS) {
            throw wrong("the exponent of a number is beyond " + MAX_ZEROS, parser);
        }
        return number;
    }

    private Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
        count(OBJECT_BYTES);
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            count(MEMBER_BYTES);
            String name = parser.currentName();
            parser.nextToken();
            map.put(name, value(parser));
        }
        return map;
    }

    private List<@Nullable Object> array(JsonParser parser) throws IOException {
        count(ARRAY_BYTES);
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(value(parser));
        }
        return list;
    }

    private static JsonException wrong(String problem, JsonParser parser) {
        return new JsonException(
                problem + place(parser.currentTokenLocation()));
    }

    private static String place(@Nullable JsonLocation location) {
        return location == null || location.getCharOffset() < 0
                ? ""
                : " at character " + (location.getCharOffset() + 1);
    }
}
