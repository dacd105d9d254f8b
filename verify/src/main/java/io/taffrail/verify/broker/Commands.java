package io.taffrail.verify.broker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Runs commands and waits for their end, at most 60 seconds each. */
public final class Commands {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Commands() {}

    /**
     * Runs a command and returns its output.
     *
     * @throws ControlException
     *             if the command fails or takes too long
     */
    public static String run(List<String> command) {
        return run(command, Map.of());
    }

    /** As {@link #run(List)}, with {@code environment} added to the inherited environment. */
    public static String run(List<String> command, Map<String, String> environment) {
        String name = String.join(" ", command);
        Path output = null;
        try {
            output = Files.createTempFile("taffrail-verify", ".out");
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(LIMIT)) {
                process.destroyForcibly();
                throw new ControlException(name + " took more than " + LIMIT.toSeconds() + " s");
            }
            String text = Files.readString(output, StandardCharsets.UTF_8).strip();
            if (process.exitValue() != 0) {
                throw new ControlException(
                        name + " failed with " + process.exitValue() + ": " + text);
            }
            return text;
        } catch (IOException e) {
            throw new ControlException(name + " cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlException(name + " was interrupted", e);
        } finally {
            delete(output);
        }
    }

    private static void delete(@org.jspecify.annotations.Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new ControlException("cannot delete " + file, e);
        }
    }
}
