package io.taffrail.amqp.login;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads that check passwords: few, so that logins never take the processors from the rest. */
public final class HashingThreads {

    /** Logins that wait for a thread; further ones are refused. */
    private static final int MOST_WAITING = 4096;
    private static final long IDLE_S = 10;

    private HashingThreads() {}

    /** Starts none yet; the caller shuts them down. */
    public static ExecutorService start() {
        int most = Math.max(1, Runtime.getRuntime().availableProcessors() / 4);
        ThreadPoolExecutor threads = new ThreadPoolExecutor(most, most, IDLE_S, TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                Thread.ofPlatform().name("taffrail-login-", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
