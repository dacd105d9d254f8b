package io.taffrail.verify.history;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Reads the file that a {@link Recorder} has written. */
public final class History {

    private History() {}

    /**
     * Passes all events to {@code consumer} in order.
     *
     * @throws HistoryException
     *             if the file cannot be read or a line is not an event; names the line
     */
    public static void read(Path file, Consumer<Event> consumer) {
        long number = 0;
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    consumer.accept(EventLine.parse(line));
                }
            }
        } catch (HistoryException e) {
            throw new HistoryException(file + ", line " + number + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new HistoryException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
