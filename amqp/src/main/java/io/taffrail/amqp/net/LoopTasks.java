package io.taffrail.amqp.net;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.taffrail.log.guard.Guard;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Work that other threads have for a connection, run on the connection's loop. While the connection
 * moves from one loop to another the tasks wait. Safe for any thread.
 */
final class LoopTasks {

    private record Task(Runnable body, CompletableFuture<Void> done) {}

    private final Channel socket;
    private final Consumer<Throwable> failed;
    private final List<Task> waiting = new ArrayList<>();
    private boolean moving;

    /**
     * @param failed
     *            takes what a task throws, on the loop
     */
    LoopTasks(Channel socket, Consumer<Throwable> failed) {
        this.socket = socket;
        this.failed = failed;
    }

    /** Runs {@code body}, at once on the connection's own loop; completes when it has ended. */
    CompletableFuture<Void> post(Runnable body) {
        Task task = new Task(body, new CompletableFuture<>());
        post(task);
        return task.done();
    }

    private void post(Task task) {
        if (keptWhileMoving(task)) {
            return;
        }
        EventLoop loop = socket.eventLoop();
        // Only its own loop lets a connection leave: it stays until the task has ended.
        if (loop.inEventLoop()) {
            Guard.run(task.body(), failed);
            task.done().complete(null);
            return;
        }
        try {
            loop.execute(() -> post(task));
        } catch (RejectedExecutionException stopped) {
            // The loop has ended, and with it every connection on it.
            task.done().complete(null);
        }
    }

    private synchronized boolean keptWhileMoving(Task task) {
        if (moving) {
            waiting.add(task);
        }
        return moving;
    }

    /** The connection leaves its loop. */
    synchronized void leave() {
        moving = true;
    }

    /** The connection is on a loop again. */
    void arrive() {
        List<Task> tasks;
        synchronized (this) {
            moving = false;
            tasks = List.copyOf(waiting);
            waiting.clear();
        }
        tasks.forEach(this::post);
    }
}
