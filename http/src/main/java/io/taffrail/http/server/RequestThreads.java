package io.taffrail.http.server;

import io.taffrail.http.route.HeapRoom;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Virtual threads for requests. At most so many work at a time; the others wait, and are bounded
 * by the number of connections, as each has one request. Safe for any thread.
 */
public final class RequestThreads implements Executor, AutoCloseable {

    /** Bytes for a byte of a body: itself, its text, and the text of the values in it. */
    private static final int COPIES = 5;
    /** Most bytes that the objects for the values in a body take for each of its bytes. */
    private static final int OBJECTS = 40;

    private final ExecutorService threads = Executors
            .newThreadPerTaskExecutor(Thread.ofVirtual().name("taffrail-http-", 0).factory());
    private final Semaphore places;
    private final HeapRoom room = HeapRoom.ofHeap();

    /**
     * @param most
     *            requests at the same time
     */
    public RequestThreads(int most) {
        this.places = new Semaphore(most);
    }

    @Override
    public void execute(Runnable request) {
        execute(0, request);
    }

    /** Runs a request with a body of this size; large ones wait for room in the heap first. */
    void execute(int bodyBytes, Runnable request) {
        threads.execute(() -> {
            int taken = room.take(heapBytes(bodyBytes));
            try {
                places.acquireUninterruptibly();
                try {
                    request.run();
                } finally {
                    places.release();
                }
            } finally {
                room.give(taken);
            }
        });
    }

    private static long heapBytes(long bodyBytes) {
        return COPIES * bodyBytes + Math.min(OBJECTS * bodyBytes, HeapRoom.shareBytes());
    }

    /** Interrupts requests that still wait for something. */
    @Override
    public void close() {
        var _ = threads.shutdownNow();
    }
}
