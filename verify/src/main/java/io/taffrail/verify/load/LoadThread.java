package io.taffrail.verify.load;

/** A thread of a workload. It runs once, until it is told to finish or is interrupted. */
public abstract class LoadThread implements AutoCloseable {

    private final Thread thread;
    private volatile boolean finishing;

    /** Names the thread, which {@link #start} starts. */
    @SuppressWarnings("this-escape") // The thread does not run before start().
    protected LoadThread(String name) {
        this.thread = Thread.ofPlatform().name(name).unstarted(this::run);
    }

    /** The body of the thread; returns soon after {@link #isFinishing}. */
    protected abstract void run();

    protected final boolean isFinishing() {
        return finishing;
    }

    public final void start() {
        thread.start();
    }

    /** Tells the thread to end in order; on any thread. */
    public final void finish() {
        finishing = true;
    }

    public final void join() throws InterruptedException {
        thread.join();
    }

    /** Interrupts the thread; its work in progress has no outcome. */
    @Override
    public final void close() {
        finish();
        thread.interrupt();
    }
}
