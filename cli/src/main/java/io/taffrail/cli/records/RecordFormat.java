package io.taffrail.cli.records;

import io.taffrail.cli.terminal.Failure;
import io.taffrail.cli.terminal.Output;
import io.taffrail.kafka.client.Header;
import io.taffrail.kafka.client.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pattern for printing records: text with the escapes {@code \n \t \0 \\} and the fields {@code %t}
 * topic, {@code %p} partition, {@code %o} offset, {@code %T} timestamp in milliseconds,
 * {@code %D} timestamp as ISO 8601, {@code %k} key, {@code %v} value, {@code %K} and {@code %V}
 * sizes of key and value in bytes (-1 if null), {@code %h} headers as {@code name=value,…},
 * {@code %%} a percent sign.
 */
final class RecordFormat {

    /** Fields and escapes, for the option's help text. */
    static final String FIELDS = "%%t topic, %%p partition, %%o offset, %%T timestamp in ms, %%D timestamp, "
            + "%%k key, %%v value, %%K and %%V their sizes, %%h headers, \\n \\t \\0 \\\\ escapes";

    private interface Part {
        void print(StoredRecord record, Output out);
    }

    private final List<Part> parts = new ArrayList<>();
    private final byte[] nullText;

    RecordFormat(String pattern, String nullText) {
        this.nullText = nullText.getBytes(StandardCharsets.UTF_8);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            boolean field = c == '%';
            if (!field && c != '\\') {
                text.append(c);
                continue;
            }
            if (++i == pattern.length()) {
                throw Failure.usage("the format ends in the middle of " + c);
            }
            if (field && pattern.charAt(i) != '%') {
                literal(text);
                parts.add(field(pattern.charAt(i)));
            } else {
                text.append(field ? '%' : escaped(pattern.charAt(i)));
            }
        }
        literal(text);
    }

    void print(StoredRecord record, Output out) {
        for (Part part : parts) {
            part.print(record, out);
        }
    }

    private void literal(StringBuilder text) {
        if (!text.isEmpty()) {
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            parts.add((record, out) -> out.print(bytes));
            text.setLength(0);
        }
    }

    private static char escaped(char c) {
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case '0' -> '\0';
            case '\\' -> '\\';
            default -> throw Failure.usage("unknown escape \\" + c + " in the format");
        };
    }

    private Part field(char c) {
        return switch (c) {
            case 't' -> (record, out) -> out.print(record.partition().topic());
            case 'p' -> (record, out) -> out
                    .print(Integer.toString(record.partition().index()));
            case 'o' -> (record, out) -> out.print(Long.toString(record.offset()));
            case 'T' -> (record, out) -> out
                    .print(Long.toString(record.timestamp().toEpochMilli()));
            case 'D' -> (record, out) -> out.print(record.timestamp().toString());
            case 'k' -> (record, out) -> out.print(orNull(record.key()));
            case 'v' -> (record, out) -> out.print(orNull(record.value()));
            case 'K' -> (record, out) -> out.print(size(record.key()));
            case 'V' -> (record, out) -> out.print(size(record.value()));
            case 'h' -> this::headers;
            default -> throw Failure.usage("unknown field %" + c + " in the format");
        };
    }

    private void headers(StoredRecord record, Output out) {
        String separator = "";
        for (Header header : record.headers()) {
            out.print(separator + header.name() + "=");
            out.print(orNull(header.value()));
            separator = ",";
        }
    }

    private byte[] orNull(byte @Nullable [] bytes) {
        return bytes == null ? nullText : bytes;
    }

    private static String size(byte @Nullable [] bytes) {
        return bytes == null ? "-1" : Integer.toString(bytes.length);
    }
}
