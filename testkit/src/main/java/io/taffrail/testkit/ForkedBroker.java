package io.taffrail.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A broker in a child process, which a test can kill with SIGKILL. Its ports stay the same over
 * {@link #restart}. Not thread-safe.
 */
public final class ForkedBroker implements AutoCloseable {

    private static final String LISTENING = "listening  kafka  ";
    private static final String LISTENING_AMQP = "listening  amqp  ";
    private static final int START_SECONDS = 60;
    private static final int STOP_SECONDS = 30;
    private static final int KEPT_LINES = 500;

    private final Path dataDir;
    private final Map<String, String> settings;
    /** Limit of open files of the process; 0 for the limit of this one. */
    private final int openFiles;
    private final Deque<String> output = new ArrayDeque<>();
    private Process process;
    private @Nullable Thread reader;
    private String bootstrap;
    private volatile String amqp = "127.0.0.1:0";

    private ForkedBroker(Path dataDir, Map<String, String> settings, int openFiles) {
        this.openFiles = openFiles;
        this.dataDir = dataDir;
        this.settings = Map.copyOf(settings);
        this.bootstrap = "127.0.0.1:0";
        this.process = fork();
    }

    /**
     * Starts a broker with the same classes as {@link TaffrailBroker}; waits until it listens.
     *
     * @param settings
     *            configuration by key
     * @throws IllegalStateException
     *             if the broker does not start within a minute; the message has its output
     */
    public static ForkedBroker start(Path dataDir, Map<String, String> settings) {
        return new ForkedBroker(dataDir, settings, 0);
    }

    /** Starts a broker as {@link #start} does, with a limit of open files; needs a POSIX shell. */
    public static ForkedBroker startWithFiles(int openFiles, Path dataDir,
            Map<String, String> settings) {
        return new ForkedBroker(dataDir, settings, openFiles);
    }

    /** {@code HOST:PORT} for any Kafka client. */
    public String bootstrap() {
        return bootstrap;
    }

    /** {@code HOST:PORT} for any AMQP 0-9-1 client. */
    public String amqp() {
        return amqp;
    }

    /** Sends SIGKILL and waits for the process to end. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Sends SIGTERM and waits for the process to end; returns the exit code. */
    public int stop() {
        // Process.destroy would close the pipes before the last lines are read.
        process.toHandle().destroy();
        return awaitEnd();
    }

    /**
     * Starts the broker again after {@link #kill} or {@link #stop}, on the same
     * ports and directory.
     */
    public void restart() {
        if (process.isAlive()) {
            throw new IllegalStateException("it runs");
        }
        process = fork();
    }

    /** The last lines of its standard output and standard error. */
    public String output() {
        synchronized (output) {
            return String.join("\n", output);
        }
    }

    @Override
    public void close() {
        kill();
    }

    private Process fork() {
        List<String> command = new ArrayList<>();
        if (openFiles > 0) {
            command.addAll(List.of("sh", "-c", "ulimit -n " + openFiles + " && exec \"$@\"",
                    "sh"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m",
                "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp",
                BrokerClassPath.text(), "io.taffrail.cli.Main", "start",
                "--data-dir", dataDir.toString(), "--kafka", bootstrap, "--amqp", amqp,
                "--http", "127.0.0.1:0"));
        settings.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
        CompletableFuture<String> listening = new CompletableFuture<>();
        try {
            Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
            reader = Thread.ofVirtual().name("broker output").start(() -> read(child, listening));
            process = child;
            bootstrap = listening.get(START_SECONDS, TimeUnit.SECONDS);
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ExecutionException | TimeoutException e) {
            kill();
            throw new IllegalStateException("the broker did not start:\n" + output(), e);
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the broker started", e);
        }
    }

    private void read(Process child, CompletableFuture<String> listening) {
        try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                keep(line);
                if (line.startsWith(LISTENING_AMQP)) {
                    amqp = line.substring(LISTENING_AMQP.length());
                }
                if (line.startsWith(LISTENING)) {
                    listening.complete(line.substring(LISTENING.length()));
                }
            }
            listening.completeExceptionally(new IllegalStateException("it ended"));
        } catch (IOException e) {
            listening.completeExceptionally(e);
        }
    }

    private void keep(String line) {
        synchronized (output) {
            output.add(line);
            if (output.size() > KEPT_LINES) {
                output.remove();
            }
        }
    }

    private int awaitEnd() {
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new IllegalStateException("the broker did not stop:\n" + output());
            }
            if (reader != null) {
                reader.join();
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the broker stopped", e);
        }
    }
}
