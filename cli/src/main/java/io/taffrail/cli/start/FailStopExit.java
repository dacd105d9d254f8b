package io.taffrail.cli.start;

import io.taffrail.cli.logging.Logging;
import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.log.guard.FailStop;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends this process immediately when its state can no longer be trusted. At that point there may be
 * no memory left, and standard error may be a pipe without a reader. The message is therefore built
 * in a preallocated buffer by code that does not allocate, and a thread started in advance ends
 * the process after a grace time in any case. A broker thread that dies from an exception also ends
 * the process, because no other thread would do its work.
 */
final class FailStopExit implements FailStop.Handler, Thread.UncaughtExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(FailStopExit.class);
    private static final byte[] BEFORE = bytes("taffrail: FST-001 stopped at once: ");
    private static final byte[] AFTER = bytes("\ntaffrail: its state could no longer be trusted;"
            + " start it again, and it recovers what was acknowledged\n");
    private static final int REASON_BYTES = 400;
    /** Time for log lines that wait to be written. */
    private static final long LAST_LINES_MS = 1_000;
    /** Time for the message to be written. */
    private static final long GRACE_NS = TimeUnit.SECONDS.toNanos(2);

    private final byte[] line = new byte[BEFORE.length + REASON_BYTES + AFTER.length];
    private final FileOutputStream err = new FileOutputStream(FileDescriptor.err);
    private final Thread end = Thread.ofPlatform().daemon().name("taffrail-fail-stop")
            .unstarted(this::awaitAndEnd);
    private volatile boolean stopped;

    private FailStopExit() {}

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Installs the fail-stop handler and the default handler for uncaught exceptions. */
    static void install() {
        FailStopExit handler = new FailStopExit();
        handler.end.start();
        try {
            // Loads and links the classes needed for writing while there is memory.
            handler.err.write(handler.line, 0, 0);
        } catch (IOException e) {
            LOG.debug("standard error cannot be written", e);
        }
        FailStop.handler(handler);
        Thread.setDefaultUncaughtExceptionHandler(handler);
    }

    @Override
    public void stop(String reason, Throwable cause) {
        stopped = true;
        LockSupport.unpark(end);
        try {
            say(reason);
            cause.printStackTrace();
            Logging.drain(LAST_LINES_MS);
        } catch (Throwable _) {
            // A message that cannot be written, perhaps for lack of memory, must not keep
            // the process alive.
        } finally {
            Runtime.getRuntime().halt(ExitCode.STATE_LOST);
        }
    }

    private void awaitAndEnd() {
        while (!stopped) {
            LockSupport.park(this);
        }
        long begunNs = System.nanoTime();
        while (System.nanoTime() - begunNs < GRACE_NS) {
            LockSupport.parkNanos(this, GRACE_NS);
        }
        Runtime.getRuntime().halt(ExitCode.STATE_LOST);
    }

    @Override
    public void uncaughtException(Thread thread, Throwable cause) {
        try {
            FailStop.check(cause);
            if (!thread.isVirtual()) {
                stop("the thread " + thread.getName() + " ended: " + cause, cause);
            }
            // A virtual thread runs a single task, such as a control command;
            // no other work depends on it.
            LOG.error("THR-002 a task of {} failed", thread.getName(), cause);
        } catch (Throwable second) {
            stop("a thread ended, and there is no memory to say which", second);
        }
    }

    /** Uses the shared buffer; the process ends before a second thread can use it. */
    private synchronized void say(String reason) throws IOException {
        int length = put(BEFORE, 0);
        for (int i = 0; i < reason.length() && i < REASON_BYTES; i++) {
            char c = reason.charAt(i);
            line[length++] = (byte) (c >= ' ' && c < 0x7f ? c : '?');
        }
        err.write(line, 0, put(AFTER, length));
    }

    private int put(byte[] text, int at) {
        System.arraycopy(text, 0, line, at, text.length);
        return at + text.length;
    }
}
