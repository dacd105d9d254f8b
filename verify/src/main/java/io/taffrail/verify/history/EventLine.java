package io.taffrail.verify.history;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The text form of an event: one flat JSON object (RFC 8259) a line. Names:
 * {@code t} for nanoseconds, {@code p} process, {@code do} action, {@code is} phase; if present,
 * {@code at} place, {@code v} message, {@code o} offset, {@code x} transaction, {@code note}.
 * Unknown names are skipped,
 * so that later versions can add some.
 */
final class EventLine {

    private static final String HEX = "0123456789abcdef";

    private EventLine() {}

    static void write(Event event, StringBuilder out) {
        out.append("{\"t\":").append(event.timeNs());
        text(out, "p", event.process());
        text(out, "do", event.action().name().toLowerCase(Locale.ROOT));
        text(out, "is", event.phase().name().toLowerCase(Locale.ROOT));
        if (!event.place().isEmpty()) {
            text(out, "at", event.place());
        }
        if (event.value() != Value.NONE) {
            text(out, "v", Value.text(event.value()));
        }
        if (event.offset() >= 0) {
            out.append(",\"o\":").append(event.offset());
        }
        if (event.transaction() != Value.NONE) {
            text(out, "x", Value.text(event.transaction()));
        }
        if (!event.note().isEmpty()) {
            text(out, "note", event.note());
        }
        out.append("}\n");
    }

    /**
     * Parses a line.
     *
     * @throws HistoryException
     *             if the line is not an event
     */
    static Event parse(String line) {
        Map<String, String> fields = new FlatJson(line).read();
        try {
            return new Event(Long.parseLong(wanted(fields, "t")), wanted(fields, "p"),
                    Action.valueOf(wanted(fields, "do").toUpperCase(Locale.ROOT)),
                    Phase.valueOf(wanted(fields, "is").toUpperCase(Locale.ROOT)),
                    fields.getOrDefault("at", ""), Value.parse(fields.getOrDefault("v", "-")),
                    Long.parseLong(fields.getOrDefault("o", "-1")),
                    fields.getOrDefault("note", ""),
                    Value.parse(fields.getOrDefault("x", "-")));
        } catch (IllegalArgumentException e) {
            throw new HistoryException("not an event: " + e.getMessage(), e);
        }
    }

    private static String wanted(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new HistoryException("not an event: it has no \"" + name + "\"");
        }
        return value;
    }

    private static void text(StringBuilder out, String name, String value) {
        out.append(",\"").append(name).append("\":");
        quoted(out, value);
    }

    private static void quoted(StringBuilder out, String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20) {
                out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    /** Parses an object with string and integer values; returns all values as text. */
    private static final class FlatJson {

        private final String text;
        private int at;

        FlatJson(String text) {
            this.text = text;
        }

        Map<String, String> read() {
            Map<String, String> fields = new HashMap<>();
            take('{');
            if (!taken('}')) {
                do {
                    String name = string();
                    take(':');
                    fields.put(name, peek() == '"' ? string() : number());
                } while (taken(','));
                take('}');
            }
            blank();
            if (at < text.length()) {
                throw wrong();
            }
            return fields;
        }

        private String string() {
            take('"');
            int end = at;
            while (end < text.length() && text.charAt(end) != '"' && text.charAt(end) != '\\') {
                end++;
            }
            if (end < text.length() && text.charAt(end) == '"') {
                String plain = text.substring(at, end);
                at = end + 1;
                return plain;
            }
            return escaped();
        }

        private String escaped() {
            StringBuilder out = new StringBuilder();
            while (true) {
                char c = next();
                switch (c) {
                    case '"' -> {
                        return out.toString();
                    }
                    case '\\' -> out.append(escape(next()));
                    default -> out.append(c);
                }
            }
        }

        private char escape(char c) {
            return switch (c) {
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'u' -> unicode();
                default -> c;
            };
        }

        private char unicode() {
            int end = at + 4;
            if (end > text.length()) {
                throw wrong();
            }
            try {
                char c = (char) Integer.parseInt(text, at, end, 16);
                at = end;
                return c;
            } catch (NumberFormatException e) {
                throw new HistoryException("not four hexadecimal digits at character " + (at + 1),
                        e);
            }
        }

        private String number() {
            blank();
            int start = at;
            while (at < text.length() && "+-0123456789".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            if (at == start) {
                throw wrong();
            }
            return text.substring(start, at);
        }

        private void blank() {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private char peek() {
            blank();
            return at < text.length() ? text.charAt(at) : '\0';
        }

        private boolean taken(char wanted) {
            if (peek() == wanted) {
                at++;
                return true;
            }
            return false;
        }

        private void take(char wanted) {
            if (!taken(wanted)) {
                throw wrong();
            }
        }

        private char next() {
            if (at == text.length()) {
                throw wrong();
            }
            return text.charAt(at++);
        }

        private HistoryException wrong() {
            return new HistoryException("not a flat JSON object at character " + (at + 1));
        }
    }
}
