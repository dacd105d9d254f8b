package io.taffrail.broker.login;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Thread pool that checks passwords; small, so that logins leave the other
 * processors to the broker.
 */
final class HashingThreads {

    /** Maximum number of logins that wait for a thread; further ones are refused. */
    private static final int MOST_WAITING = 4096;
    private static final long IDLE_S = 10;

    private HashingThreads() {}

    /**
     * Creates the pool: a quarter of the processors, at least one thread, started on demand.
     * The caller shuts it down.
     */
    static ExecutorService start() {
        int most = Math.max(1, Runtime.getRuntime().availableProcessors() / 4);
        ThreadPoolExecutor threads = new ThreadPoolExecutor(most, most, IDLE_S, TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                Thread.ofPlatform().name("taffrail-login-", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
