package io.taffrail.cli.control;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A limit of the time for which the broker waits for a control client: for its request, and for it
 * to read each part of the response. The time that the broker takes for a command does not count.
 * When the limit is reached the connection is closed, which ends the blocked read or write. A
 * virtual thread watches each connection.
 */
final class Patience implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
    private static final int CHECKS = 4;

    private final SocketChannel connection;
    private final long limitNs;
    private final Thread watch;
    private volatile boolean waiting;
    private volatile long sinceNs;
    private volatile boolean ended;

    /** Begins to watch a connection; at first the broker waits for its request. */
    Patience(SocketChannel connection, Duration limit) {
        this.connection = connection;
        this.limitNs = limit.toNanos();
        begin();
        this.watch = Thread.ofVirtual().name("taffrail-control").start(this::watch);
    }

    /** The broker waits for the client from now on. */
    void begin() {
        sinceNs = System.nanoTime();
        waiting = true;
    }

    /** The client has done what the broker waited for. */
    void end() {
        waiting = false;
    }

    private void watch() {
        while (!ended) {
            LockSupport.parkNanos(this, limitNs / CHECKS);
            if (!ended && waiting && System.nanoTime() - sinceNs > limitNs) {
                LOG.debug("a control connection is closed: nothing came from it, or went to it");
                try {
                    connection.close();
                } catch (IOException e) {
                    LOG.debug("a control connection could not be closed", e);
                }
                return;
            }
        }
    }

    @Override
    public void close() {
        ended = true;
        LockSupport.unpark(watch);
    }
}
