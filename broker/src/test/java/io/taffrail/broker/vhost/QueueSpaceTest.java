package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.WritableLog;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The space of settled messages is reclaimed. */
class QueueSpaceTest {

    private static final int MESSAGES = 40;

    private final InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(1000));
    private final MemoryLogEngine engine = new MemoryLogEngine(clock);
    private final Host host = new Host(engine, clock);

    @Test
    void settledMessagesLeaveTheLog() {
        var _ = host.declare("q", Map.of());
        String mebibyte = "m".repeat(1 << 20);
        for (int i = 0; i < MESSAGES; i++) {
            assertThat(host.publish("q", mebibyte)).isTrue();
        }
        for (int i = 0; i < MESSAGES - 1; i++) {
            assertThat(host.get("q", Optional.empty())).isPresent();
        }
        host.settle(() -> {});
        assertThat(host.publish("q", "last")).isTrue();
        host.close();

        assertThat(messages().sizeBytes()).isLessThan(18 << 20);
        engine.close();
        host.abandon();
    }

    private WritableLog messages() {
        LogId id = engine.logs().stream().filter(it -> it.value().startsWith(QueueOpener.QUEUE))
                .findFirst().orElseThrow();
        return engine.openForWrite(id, engine.metaStore().acquire("look").join(),
                LogOptions.defaults(), Owner.direct()).join();
    }
}
