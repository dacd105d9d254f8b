package io.taffrail.verify.history;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Reads the file that {@link Recorder} wrote. */
public final class History {

    private History() {}

    /**
     * Hands all events over in their order; {@link HistoryException} names the line that is none.
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
