package io.taffrail.cli.logging;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * A writer of log lines on a thread of its own, so that a standard error that is not read, such as
 * a full pipe, holds up no thread that logs. Lines that wait are bounded; a line beyond the bound
 * is dropped and counted, and a line in its place gives the number. Safe for any thread.
 */
final class LineWriter {

    /** Characters of the lines that wait, unless it is a single line. */
    static final int MOST_CHARS = 1 << 20;

    private final Consumer<String> out;
    private final LongFunction<String> notice;
    private final Deque<String> waiting = new ArrayDeque<>();
    private int waitingChars;
    private long dropped;
    private boolean writing;

    /**
     * @param out
     *            writes a line; may block
     * @param notice
     *            makes the line about a number of dropped lines
     */
    LineWriter(Consumer<String> out, LongFunction<String> notice) {
        this.out = out;
        this.notice = notice;
    }

    /** Starts the thread. */
    void start() {
        Thread.ofPlatform().daemon().name("taffrail-log").start(this::run);
    }

    /** Adds a line with its line break; never blocks. */
    synchronized void add(String line) {
        if (!waiting.isEmpty() && waitingChars + line.length() > MOST_CHARS) {
            dropped++;
            return;
        }
        noteDropped();
        put(line);
    }

    private void noteDropped() {
        if (dropped > 0) {
            put(notice.apply(dropped));
            dropped = 0;
        }
    }

    private void put(String line) {
        waiting.add(line);
        waitingChars += line.length();
        notifyAll();
    }

    private void run() {
        try {
            while (true) {
                out.accept(next());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized String next() throws InterruptedException {
        writing = false;
        if (waiting.isEmpty()) {
            noteDropped();
        }
        notifyAll();
        while (waiting.isEmpty()) {
            wait();
        }
        writing = true;
        String line = waiting.remove();
        waitingChars -= line.length();
        return line;
    }

    /**
     * Waits until every line has been written.
     *
     * @return false if {@code patienceMs} milliseconds were not enough
     */
    synchronized boolean drain(long patienceMs) {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMs);
        try {
            while (writing || !waiting.isEmpty()) {
                long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
                if (leftMs <= 0) {
                    return false;
                }
                wait(leftMs);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
