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
 * A broker and all processes it starts. Its output goes to a file, which lies outside of its data
 * directory. Of one thread, but for {@link #close}.
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

    /** One that is not started yet. */
    public BrokerProcess(Preset preset, Preset.Site site) {
        this.preset = preset;
        this.site = site;
        this.log = site.home().resolve("broker.log");
    }

    /** Makes what the first start needs. */
    public void prepare() {
        preset.prepare(site);
    }

    /** Starts it; does not wait until it serves. Refused once it is closed. */
    public synchronized void start() {
        if (closed) {
            throw new ControlException("the run is given up");
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

    /** SIGSTOP: it does nothing until {@link #thaw}. */
    public void freeze() {
        signal(Posix.SIGSTOP);
    }

    /** SIGCONT. */
    public void thaw() {
        signal(Posix.SIGCONT);
    }

    /** SIGKILL, and a wait until every one of its processes is gone. */
    public void kill() {
        end(processes(), KILL_LIMIT);
    }

    /** SIGTERM, and a wait for a clean end; kills what does not end, and helpers left over. */
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
            throw new ControlException("SIGTERM did not end it in " + STOP_LIMIT.toSeconds()
                    + " s:\n" + logTail());
        }
    }

    /** Process ids: its own, and those of what it started. */
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
            throw new ControlException("its processes did not end in " + limit.toSeconds() + " s");
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
            throw new ControlException("cannot wait for it", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlException("interrupted while waiting for it", e);
        }
    }

    /** The last lines of what it wrote. */
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

    /** Kills it, once and for all. */
    @Override
    public synchronized void close() {
        closed = true;
        if (isAlive()) {
            kill();
        }
    }
}
