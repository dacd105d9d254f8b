package io.taffrail.log.local.thread;

import java.util.concurrent.Executor;

/** Runs tasks without an order; closing it waits for them. */
public interface Background extends Executor, AutoCloseable {

    @Override
    void close();
}
