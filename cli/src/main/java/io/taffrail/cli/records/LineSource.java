package io.taffrail.cli.records;

import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.Failure;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Splits a byte stream into lines at {@code \n}; bytes are not decoded. Not thread-safe. */
public final class LineSource {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int MAX_LINE_BYTES = 256 * 1024 * 1024;

    private final InputStream in;
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int start;
    private int end;
    private long line;

    public LineSource(InputStream in) {
        this.in = in;
    }

    /** Opens a file, or standard input if none is named; the caller closes it. */
    public static InputStream open(Optional<Path> file) throws IOException {
        if (file.isEmpty()) {
            return new FileInputStream(FileDescriptor.in);
        }
        try {
            return Files.newInputStream(file.get());
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + e.getFile(), e);
        } catch (AccessDeniedException e) {
            throw new IOException("permission denied: " + e.getFile(), e);
        }
    }

    /** Returns the next line without its terminator; null at the end. */
    public byte @Nullable [] next() {
        int searched = start;
        while (true) {
            for (int i = searched; i < end; i++) {
                if (buffer[i] == '\n') {
                    return take(i, i + 1);
                }
            }
            searched = end - start;
            if (!fill()) {
                return start == end ? null : take(end, end);
            }
        }
    }

    /** Number of the last line returned, starting at 1. */
    public long line() {
        return line;
    }

    private byte[] take(int upTo, int next) {
        byte[] taken = Arrays.copyOfRange(buffer, start, upTo);
        start = next;
        line++;
        return taken;
    }

    /**
     * Moves unread bytes to the front of the buffer and reads more after them; false at the end.
     */
    private boolean fill() {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
        if (end == buffer.length) {
            if (end >= MAX_LINE_BYTES) {
                throw new Failure(ExitCode.FAILURE, "line " + (line + 1) + " is longer than "
                        + MAX_LINE_BYTES + " bytes");
            }
            buffer = Arrays.copyOf(buffer, Math.min(MAX_LINE_BYTES, buffer.length * 2));
        }
        try {
            int read = in.read(buffer, end, buffer.length - end);
            if (read > 0) {
                end += read;
            }
            return read > 0;
        } catch (IOException e) {
            throw new Failure(ExitCode.FAILURE, "input: " + e.getMessage(), e);
        }
    }
}
