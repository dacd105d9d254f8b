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
 * Writes a history as it happens. An INVOKE is recorded before the client is asked and an OK after
 * it has answered, so the true time of an action lies between both. Safe for any thread; a file
 * that cannot be written is reported by {@link #close}, for it must not change what clients do.
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
     * @param nanoClock
     *            a monotonic clock, in nanoseconds
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

    /** Writes the event with the present time. */
    public void record(Event event) {
        lock.lock();
        try {
            line.setLength(0);
            EventLine.write(event.at(nanoClock.getAsLong() - startNs), line);
            out.append(line);
            if (event.phase() == Phase.OK) {
                count(event.action());
            }
        } catch (IOException e) {
            failure = e;
        } finally {
            lock.unlock();
        }
    }

    private void count(Action action) {
        switch (action) {
            case SEND -> acknowledged++;
            case READ, DELIVER -> delivered++;
            default -> {
            }
        }
    }

    /** How many messages have been acknowledged so far. */
    public long acknowledged() {
        lock.lock();
        try {
            return acknowledged;
        } finally {
            lock.unlock();
        }
    }

    /** How many messages consumers have got so far. */
    public long delivered() {
        lock.lock();
        try {
            return delivered;
        } finally {
            lock.unlock();
        }
    }

    /** {@link HistoryException} if any line could not be written. */
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
