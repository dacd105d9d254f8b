package io.taffrail.broker.vhost;

import io.taffrail.log.memory.MemoryLogEngine;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The queue contract over the engine in memory. */
class MemoryQueueTest extends QueueContract {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1000));

    private @Nullable MemoryLogEngine engine;

    @Override
    Host start() {
        MemoryLogEngine made = new MemoryLogEngine(CLOCK);
        engine = made;
        return new Host(made, CLOCK);
    }

    @Override
    Host crash(Host before) {
        MemoryLogEngine left = Objects.requireNonNull(engine).restart();
        engine = left;
        before.abandon();
        return new Host(left, CLOCK);
    }

    @Override
    void stop() {
        if (engine != null) {
            engine.close();
        }
    }
}
