package io.taffrail.net.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.taffrail.log.text.Printable;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes JSON values: objects are maps, arrays lists, numbers that were read are
 * {@link BigDecimal}. Nesting is limited to {@value #MAX_DEPTH} levels, a number to
 * {@value #MAX_DIGITS} digits and as many zeros in front of or behind them. Names of members are
 * not kept: the factory's table of names would hold thousands of them, each as long as a request.
 */
public final class Json {

    private static final int MAX_DEPTH = 100;
    private static final int MAX_DIGITS = 1000;

    /** Texts may be as long as a line of records; {@code produce} limits that. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_DIGITS).maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE).build())
            .streamWriteConstraints(
                    StreamWriteConstraints.builder().maxNestingDepth(Integer.MAX_VALUE).build())
            .build();

    private Json() {}

    /**
     * Writes a value on one line; a value that is no map, collection, text, number, boolean or
     * null is written as its {@code toString}. Characters that a terminal would interpret or hide
     * ({@link Printable#isHidden}) are escaped, so the line is safe to display.
     */
    public static String write(@Nullable Object value) {
        StringWriter out = new StringWriter();
        try {
            write(value, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    /**
     * Writes a value like {@link #write(Object)}, in pieces of some thousand characters. The text
     * of a message may be six times as long as its body, so it is never held as a whole.
     */
    public static void write(@Nullable Object value, Writer out) throws IOException {
        try (JsonGenerator generator = FACTORY.createGenerator(new PrintableWriter(out))) {
            write(value, generator);
        }
    }

    private static void write(@Nullable Object value, JsonGenerator out) throws IOException {
        switch (value) {
            case null -> out.writeNull();
            case Map<?, ?> map -> {
                out.writeStartObject();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.writeFieldName(String.valueOf(entry.getKey()));
                    write(entry.getValue(), out);
                }
                out.writeEndObject();
            }
            case Collection<?> list -> {
                out.writeStartArray();
                for (Object element : list) {
                    write(element, out);
                }
                out.writeEndArray();
            }
            case Double number -> out.writeNumber(number);
            case Number number -> out.writeNumber(number.toString());
            case Boolean truth -> out.writeBoolean(truth);
            default -> out.writeString(value.toString());
        }
    }

    /**
     * Parses a text that consists of one value. Of members with the same name, the last counts.
     *
     * @throws JsonException
     *             if the text is not exactly one value
     */
    public static @Nullable Object read(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
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

    /** Reads the value that begins with the parser's current token. */
    private static @Nullable Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                throw wrong("no value begins", parser);
        };
    }

    /** A number whose digits may be written out; an exponent alone could ask for 2 GiB of zeros. */
    private static BigDecimal number(JsonParser parser) throws IOException {
        BigDecimal number;
        try {
            number = parser.getDecimalValue();
        } catch (NumberFormatException e) {
            throw new JsonException("a number is malformed" + place(parser.currentTokenLocation()),
                    e);
        }
        if (Math.abs((long) number.scale()) > MAX_DIGITS) {
            throw wrong("the exponent of a number is beyond " + MAX_DIGITS, parser);
        }
        return number;
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            map.put(name, value(parser));
        }
        return map;
    }

    private static List<@Nullable Object> array(JsonParser parser) throws IOException {
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
