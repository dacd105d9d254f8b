package io.taffrail.cli.terminal;

import io.taffrail.log.text.Printable;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Standard output as bytes, buffered; a reader that has gone ends the command quietly. */
public final class Output {

    /** The reader of standard output has closed it. */
    public static final class Closed extends RuntimeException {

        private static final long serialVersionUID = 1;

        Closed(IOException cause) {
            super(cause);
        }
    }

    private static final int BUFFER_BYTES = 64 * 1024;

    private final OutputStream out;

    public Output(OutputStream out) {
        this.out = new BufferedOutputStream(out, BUFFER_BYTES);
    }

    public static Output standard() {
        return new Output(new FileOutputStream(FileDescriptor.out));
    }

    public void print(String text) {
        print(text.getBytes(StandardCharsets.UTF_8));
    }

    /** One line whatever is in the text: see {@link Printable}. */
    public void line(String text) {
        print(Printable.of(text));
        print("\n");
    }

    public void print(byte[] bytes) {
        try {
            out.write(bytes);
        } catch (IOException e) {
            throw new Closed(e);
        }
    }

    /** Hands everything on; {@link Closed} if there is nobody to take it. */
    public void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new Closed(e);
        }
    }
}
