package io.taffrail.http.server;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Virtual threads for requests. At most so many work at a time; the others wait, and are bounded
 * by the number of connections, as each has one request. Safe for any thread.
 */
public final class RequestThreads implements Executor, AutoCloseable {

    private final ExecutorService threads = Executors
            .newThreadPerTaskExecutor(Thread.ofVirtual().name("taffrail-http-", 0).factory());
    private final Semaphore places;

    /**
     * @param most
     *            requests at the same time
     */
    public RequestThreads(int most) {
        this.places = new Semaphore(most);
    }

    @Override
    public void execute(Runnable request) {
        threads.execute(() -> {
            places.acquireUninterruptibly();
            try {
                request.run();
            } finally {
                places.release();
            }
        });
    }

    /** Interrupts requests that still wait for something. */
    @Override
    public void close() {
        var _ = threads.shutdownNow();
    }
}
