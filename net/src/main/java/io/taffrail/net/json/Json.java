package io.taffrail.net.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import io.taffrail.log.text.Printable;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.Collection;
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
        return read(text, Long.MAX_VALUE);
    }

    /**
     * As {@link #read(String)}, for a text that its length alone does not bound: the objects for
     * {@code {"":0}} take forty times as much memory as the text.
     *
     * @param mostBytes
     *            that the objects may take, without the characters of texts
     * @throws JsonSizeException
     *             if they would take more
     */
    public static @Nullable Object read(String text, long mostBytes) {
        return new JsonReader(mostBytes).read(FACTORY, text);
    }
}
