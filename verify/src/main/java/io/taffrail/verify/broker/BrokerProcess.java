package io.taffrail.verify.broker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A broker process and all of its child processes.
 * The output is written to {@code broker.log} in the site's home, outside the data directory.
 * For a single thread, except that any thread may call {@link #close}.
 */
public final class BrokerProcess implements AutoCloseable {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(20);
    private static final int TAIL_LINES = 12;

    private final Preset preset;
    private final Preset.Site site;
    private final Path log;
    private volatile @Nullable ProcessHandle process;
    private boolean closed;

    /** Creates a broker that is not started yet. */
    public BrokerProcess(Preset preset, Preset.Site site) {
        this.preset = preset;
        this.site = site;
        this.log = site.home().resolve("broker.log");
    }

    /** Prepares the directories and files for the first start. */
    public void prepare() {
        preset.prepare(site);
    }

    /**
     * Starts the broker without waiting until it serves.
     *
     * @throws ControlException
     *             if the process cannot be started or this object is closed
     */
    public synchronized void start() {
        if (closed) {
            throw new ControlException("the run was aborted");
        }
        Launch launch = preset.launch(site);
        ProcessBuilder builder = new ProcessBuilder(launch.command()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(launch.environment());
        try {
            process = builder.start().toHandle();
        } catch (IOException e) {
            throw new ControlException("cannot start " + launch.command().getFirst() + ": "
                    + e.getMessage(), e);
        }
    }

    public boolean isAlive() {
        ProcessHandle running = process;
        return running != null && running.isAlive();
    }

    /** Sends SIGSTOP: the broker does not run until {@link #thaw}. */
    public void freeze() {
        signal(Posix.SIGSTOP);
    }

    /** Sends SIGCONT. */
    public void thaw() {
        signal(Posix.SIGCONT);
    }

    /** Sends SIGKILL and waits until all of the broker's processes have ended. */
    public void kill() {
        end(processes(), KILL_LIMIT);
    }

    /**
     * Sends SIGTERM and waits for the broker to end. Then kills any processes that are left.
     *
     * @throws ControlException
     *             if SIGTERM does not end the broker within its time limit
     */
    public void stop() {
        ProcessHandle running = process;
        if (running == null) {
            return;
        }
        List<ProcessHandle> all = processes();
        Posix.signal(running.pid(), Posix.SIGTERM);
        boolean ended = await(List.of(running), STOP_LIMIT);
        end(all, KILL_LIMIT);
        if (!ended) {
            throw new ControlException(
                    "SIGTERM did not end the broker within " + STOP_LIMIT.toSeconds()
                            + " s:\n" + logTail());
        }
    }

    /** Process ids of the broker and its child processes. */
    public List<Long> pids() {
        return processes().stream().map(ProcessHandle::pid).toList();
    }

    private void signal(int signal) {
        for (long pid : pids()) {
            Posix.signal(pid, signal);
        }
    }

    private static void end(List<ProcessHandle> all, Duration limit) {
        for (ProcessHandle one : all) {
            if (one.isAlive()) {
                Posix.signal(one.pid(), Posix.SIGKILL);
            }
        }
        if (!await(all, limit)) {
            throw new ControlException(
                    "the broker's processes did not end within " + limit.toSeconds() + " s");
        }
    }

    private List<ProcessHandle> processes() {
        ProcessHandle running = process;
        if (running == null) {
            return List.of();
        }
        List<ProcessHandle> all = new ArrayList<>();
        all.add(running);
        running.descendants().forEach(all::add);
        return all;
    }

    private static boolean await(List<ProcessHandle> all, Duration limit) {
        CompletableFuture<?> ends = CompletableFuture.allOf(all.stream()
                .map(ProcessHandle::onExit).toArray(CompletableFuture[]::new));
        try {
            ends.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new ControlException("cannot wait for the broker to end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlException("interrupted while waiting for the broker to end", e);
        }
    }

    /** Returns the last lines of the broker's output. */
    public String logTail() {
        try {
            List<String> lines = Files.exists(log)
                    ? Files.readString(log, StandardCharsets.ISO_8859_1).lines().toList()
                    : List.of();
            return String.join("\n",
                    lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "cannot read " + log + ": " + e.getMessage();
        }
    }

    /** Kills the broker; it cannot be started again. */
    @Override
    public synchronized void close() {
        closed = true;
        if (isAlive()) {
            kill();
        }
    }
}
