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
import org.jspecify.annotations.Nullable;

/**
 * Buffered standard output. If its reader closes it, the command ends silently; any other write
 * error, such as a full disk, is a failure. Not thread-safe.
 */
public final class Output {

    /** Thrown when the reader of standard output has closed it. */
    public static final class Closed extends RuntimeException {

        private static final long serialVersionUID = 1;

        Closed(IOException cause) {
            super(cause);
        }
    }

    /**
     * Error messages of Linux and macOS for a pipe or socket without a reader; the JDK has no
     * exception type for them.
     */
    private static final List<String> NO_READER = List.of("broken pipe", "connection reset");

    private static final int BUFFER_BYTES = 64 * 1024;

    private final OutputStream out;
    /** Null until it is asked for: most commands do not need to know. */
    private @Nullable Terminal terminal;

    /** Buffers output to {@code out}, which is never closed and no terminal. */
    public Output(OutputStream out) {
        this(out, Terminal.NONE);
    }

    Output(OutputStream out, @Nullable Terminal terminal) {
        this.out = new BufferedOutputStream(out, BUFFER_BYTES);
        this.terminal = terminal;
    }

    public static Output standard() {
        return new Output(new FileOutputStream(FileDescriptor.out), null);
    }

    /** The terminal that this is printed on. */
    public Terminal terminal() {
        Terminal known = terminal;
        if (known == null) {
            known = Terminal.standard();
            terminal = known;
        }
        return known;
    }

    /** Prints text as UTF-8, unescaped and without a line break. */
    public void print(String text) {
        print(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Prints the text as one line; line breaks and control characters
     * are escaped ({@link Printable}).
     */
    public void line(String text) {
        print(Printable.of(text));
        print("\n");
    }

    /** Prints the text as {@link #line(String)} does, in a style if the terminal has colours. */
    public void line(Style style, String text) {
        if (style == Style.PLAIN || !terminal().colours()) {
            line(text);
        } else {
            print(style.mark(Printable.of(text)) + "\n");
        }
    }

    /**
     * Prints bytes; the array is not kept.
     *
     * @throws Closed
     *             if the reader has closed the output
     * @throws Failure
     *             if writing fails
     */
    public void print(byte[] bytes) {
        try {
            out.write(bytes);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /**
     * Writes all buffered bytes.
     *
     * @throws Closed
     *             if the reader has closed the output
     * @throws Failure
     *             if writing fails
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
