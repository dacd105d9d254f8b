package io.taffrail.broker.vhost;

import io.taffrail.broker.exchange.HistorySpace;

/**
 * The memory that all virtual hosts share, besides that of their definitions. Safe for any thread.
 *
 * @param commits
 *            for transactions that are collected in steps
 * @param histories
 *            for the messages that exchanges remember
 */
public record HostMemory(CommitRoom commits, HistorySpace histories) {

    /** Shares of the heap. */
    public static HostMemory ofHeap() {
        return new HostMemory(CommitRoom.ofHeap(), HistorySpace.ofHeap());
    }
}
