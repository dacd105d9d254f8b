package io.taffrail.verify.history;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the history of a run. A client records INVOKE before it calls the broker and OK
 * after the response, so the action took effect between the two times. Safe for any thread.
 * {@link #close} reports write errors, because they must not change the behaviour of clients.
 */
public final class Recorder implements AutoCloseable {

    private static final int BUFFER_CHARS = 1 << 16;

    private final ReentrantLock lock = new ReentrantLock();
    private final Path file;
    private final BufferedWriter out;
    private final LongSupplier nanoClock;
    private final long startNs;
    private final StringBuilder line = new StringBuilder(256);
    private @Nullable IOException failure;
    private long acknowledged;
    private long delivered;

    /**
     * Creates the history file.
     *
     * @param nanoClock
     *            a monotonic clock in nanoseconds
     * @throws HistoryException
     *             if the file cannot be written
     */
    public Recorder(Path file, LongSupplier nanoClock) {
        this.file = file;
        this.nanoClock = nanoClock;
        this.startNs = nanoClock.getAsLong();
        try {
            this.out = new BufferedWriter(
                    Files.newBufferedWriter(file, StandardCharsets.UTF_8), BUFFER_CHARS);
        } catch (IOException e) {
            throw new HistoryException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    /** Writes the event with the current time. */
    public void record(Event event) {
        lock.lock();
        try {
            line.setLength(0);
            EventLine.write(event.at(nanoClock.getAsLong() - startNs), line);
            out.append(line);
            count(event);
        } catch (IOException e) {
            failure = e;
        } finally {
            lock.unlock();
        }
    }

    private void count(Event event) {
        if (event.acknowledges()) {
            acknowledged++;
        } else if (event.phase() == Phase.OK
                && (event.action() == Action.READ || event.action() == Action.DELIVER)) {
            delivered++;
        }
    }

    /** Returns the number of messages acknowledged so far. */
    public long acknowledged() {
        lock.lock();
        try {
            return acknowledged;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the number of messages delivered to consumers so far. */
    public long delivered() {
        lock.lock();
        try {
            return delivered;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Closes the file.
     *
     * @throws HistoryException
     *             if a line could not be written
     */
    @Override
    public void close() {
        lock.lock();
        try {
            out.close();
            if (failure != null) {
                throw failure;
            }
        } catch (IOException e) {
            throw new HistoryException("cannot write " + file + ": " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }
}
