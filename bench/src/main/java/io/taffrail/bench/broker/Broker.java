package io.taffrail.bench.broker;

import io.taffrail.bench.measure.ProcFs;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A running broker process. Its output is written to {@code broker.log} in its home. */
public final class Broker implements AutoCloseable {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(180);
    private static final int LOG_TAIL_LINES = 15;

    private final Peer peer;
    private final Process process;
    private final Path log;
    private final int port;
    private final long forkedNs;

    private Broker(Peer peer, Process process, Path log, int port, long forkedNs) {
        this.peer = peer;
        this.process = process;
        this.log = log;
        this.port = port;
        this.forkedNs = forkedNs;
    }

    /** Starts the process without waiting until the broker serves. */
    public static Broker fork(Launcher launcher, Path home, int port) throws IOException {
        Files.createDirectories(home);
        Path log = home.resolve("broker.log");
        var builder = new ProcessBuilder(launcher.command(home, port)).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(launcher.environment(home, port));
        long forkedNs = System.nanoTime();
        return new Broker(launcher.peer(), builder.start(), log, port, forkedNs);
    }

    /** Starts the process and waits until the broker responds; kills it if that fails. */
    public static Broker start(Launcher launcher, Path home, int port, Duration limit)
            throws IOException, InterruptedException {
        Broker broker = fork(launcher, home, port);
        try {
            launcher.awaitServing(broker, limit);
            return broker;
        } catch (IOException | RuntimeException failed) {
            broker.kill();
            throw failed;
        }
    }

    public Peer peer() {
        return peer;
    }

    public int port() {
        return port;
    }

    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** Value of {@link System#nanoTime} just before the process was started. */
    public long forkedNs() {
        return forkedNs;
    }

    /** Returns the processor time that the process and its children have used, in seconds. */
    public double cpuSeconds() throws IOException {
        double seconds = 0;
        for (long pid : pids()) {
            seconds += ProcFs.cpuSeconds(pid);
        }
        return seconds;
    }

    public double residentMiB() throws IOException {
        double mebibytes = 0;
        for (long pid : pids()) {
            mebibytes += ProcFs.residentMiB(pid);
        }
        return mebibytes;
    }

    private List<Long> pids() {
        var children = process.descendants().map(ProcessHandle::pid);
        return Stream.concat(Stream.of(process.pid()), children)
                .toList();
    }

    /** Throws an exception with the end of the broker's log if the process has ended. */
    public void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IOException(
                    peer + " exited with " + process.exitValue() + "; end of its log:\n"
                            + logTail());
        }
    }

    public String logTail() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n",
                lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
    }

    /** Sends SIGTERM and waits for the process to end. A broker that must be killed is an error. */
    public void stop() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_LIMIT)) {
            kill();
            throw new IOException(peer + " ignored SIGTERM for " + STOP_LIMIT + ":\n" + logTail());
        }
    }

    /** Kills the broker and its child processes. */
    public void kill() throws InterruptedException {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        if (process.isAlive()) {
            try {
                stop();
            } catch (InterruptedException interrupted) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while stopping " + peer);
            }
        }
    }
}
