package io.taffrail.broker;

import io.taffrail.broker.topic.Topics;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.Owner;
import java.time.InstantSource;
import java.util.List;

/** The domain of one node: its topics over one log engine. */
public interface Broker extends AutoCloseable {

    /**
     * Opens the domain: reads the catalog and opens every partition's log. Blocks until all are
     * open.
     *
     * @param owners
     *            threads that partitions are spread over, at least one
     */
    @SuppressWarnings("DoNotCallSuggester")
    static Broker open(LogEngine engine, BrokerConfig config, List<Owner> owners,
            InstantSource clock) {
        throw new UnsupportedOperationException(
                engine + " " + config + " " + owners + " " + clock);
    }

    Topics topics();

    ProducerIds producerIds();

    /** Made once and kept: 22 characters of base64url. */
    String clusterId();

    BrokerConfig config();

    LogEngine engine();

    /** The threads partitions are spread over. */
    List<Owner> owners();

    InstantSource clock();

    /** Closes the logs and stops retention; the engine is the caller's to close, afterwards. */
    @Override
    void close();
}
