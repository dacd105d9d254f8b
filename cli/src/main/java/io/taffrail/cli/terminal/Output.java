package io.taffrail.cli.terminal;

import io.taffrail.log.text.Printable;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Standard output as bytes, buffered. A reader that has gone ends the command quietly; output that
 * cannot be written for another reason, such as a full disk, is a failure.
 */
public final class Output {

    /** The reader of standard output has closed it. */
    public static final class Closed extends RuntimeException {

        private static final long serialVersionUID = 1;

        Closed(IOException cause) {
            super(cause);
        }
    }

    /**
     * What Linux and macOS say of a pipe or socket without a reader; the JDK has no type for it.
     */
    private static final List<String> NO_READER = List.of("broken pipe", "connection reset");

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
            throw failed(e);
        }
    }

    /**
     * Hands everything on.
     *
     * @throws Closed
     *             if there is nobody to take it
     * @throws Failure
     *             if it cannot be written
     */
    public void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static RuntimeException failed(IOException cause) {
        String reason = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        return NO_READER.stream().anyMatch(reason::contains)
                ? new Closed(cause)
                : new Failure(ExitCode.FAILURE,
                        "standard output cannot be written: " + cause.getMessage(), cause);
    }
}
