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
 * Runs tasks of other threads on a connection's event loop. While the connection moves from one
 * loop to another, tasks wait. Safe for any thread.
 */
final class LoopTasks {

    private record Task(Runnable body, CompletableFuture<Void> done) {}

    private final Channel socket;
    private final Consumer<Throwable> failed;
    private final List<Task> waiting = new ArrayList<>();
    private boolean moving;

    /**
     * @param failed
     *            receives exceptions of tasks, on the loop
     */
    LoopTasks(Channel socket, Consumer<Throwable> failed) {
        this.socket = socket;
        this.failed = failed;
    }

    /**
     * Runs {@code body} on the connection's loop, immediately if called there. The result completes
     * when it has run, or when the loop has ended without running it.
     */
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
        // Only the current loop can start a move, so the connection stays until the task has run.
        if (loop.inEventLoop()) {
            Guard.run(task.body(), failed);
            task.done().complete(null);
            return;
        }
        try {
            loop.execute(() -> post(task));
        } catch (RejectedExecutionException stopped) {
            // The loop has ended, and so has every connection on it.
            task.done().complete(null);
        }
    }

    private synchronized boolean keptWhileMoving(Task task) {
        if (moving) {
            waiting.add(task);
        }
        return moving;
    }

    /** The connection is leaving its loop: tasks wait from now on. */
    synchronized void leave() {
        moving = true;
    }

    /** The connection is registered with a loop again: runs the tasks that waited. */
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
