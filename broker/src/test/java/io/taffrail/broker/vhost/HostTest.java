package io.taffrail.broker.vhost;

import io.taffrail.log.memory.MemoryLogEngine;
import org.junit.jupiter.api.AfterEach;

/** A test of a virtual host on an engine in memory; only the test moves the clock. */
abstract class HostTest {

    final ManualTime time = new ManualTime();
    MemoryLogEngine engine = new MemoryLogEngine(time);
    Host host = new Host(engine, time);

    @AfterEach
    final void close() {
        host.close();
        engine.close();
        host.abandon();
    }

    /** Drops all that is not durable and opens a new host on the rest. */
    final void crash() {
        engine = engine.restart();
        host.abandon();
        time.forget();
        host = new Host(engine, time);
    }
}
