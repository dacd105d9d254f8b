package io.taffrail.broker.traffic;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The reports of one head about its connections. Safe for any thread. */
public interface ConnectionReports {

    /**
     * Numbers since the start.
     *
     * @param received
     *            bytes of connections that are closed
     * @param sent
     *            bytes of connections that are closed
     */
    record Churn(long opened, long closed, long channelsOpened, long channelsClosed,
            long received, long sent) {}

    /** Asks every open connection on its event loop; completes on any thread. */
    CompletableFuture<List<ConnectionReport>> reports();

    /** Connections and channels opened and closed. */
    Churn churn();
}
