package io.taffrail.net.json;

import io.taffrail.log.text.Printable;
import java.io.IOException;
import java.io.Writer;

/**
 * Escapes the text of a JSON value with {@link Printable} on its way to another writer. The text
 * may be cut anywhere, also within a pair of surrogates, but does not end with a surrogate. Closing
 * does not close the other writer. Not thread-safe.
 */
final class PrintableWriter extends Writer {

    private final Writer out;
    /** The first half of a pair of surrogates whose second half has not come, or empty. */
    private String half = "";

    PrintableWriter(Writer out) {
        this.out = out;
    }

    @Override
    public void write(char[] chars, int from, int length) throws IOException {
        String text = half + new String(chars, from, length);
        int whole = text.length();
        if (whole > 0 && Character.isHighSurrogate(text.charAt(whole - 1))) {
            whole--;
        }
        half = text.substring(whole);
        out.write(Printable.of(text.substring(0, whole)));
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        flush();
    }
}
