package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.message.FieldValue;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.log.spi.Owner;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Queues that keep settled messages for log readers. */
class KeepSettledTest {

    private static final int MESSAGES = 40;
    private static final long TWO_HOURS_MS = 2 * 3600 * 1000;

    private final ManualTime time = new ManualTime();
    private final MemoryLogEngine engine = new MemoryLogEngine(time);

    @Test
    void settledMessagesStayAsLongAsTheQueueSays() {
        Host host = new Host(engine, time);
        var _ = host.declare("q", Map.of("x-keep-settled", new FieldValue.Text("1h")));
        String mebibyte = "m".repeat(1 << 20);
        for (int i = 0; i < MESSAGES; i++) {
            assertThat(host.publish("q", mebibyte)).isTrue();
            assertThat(host.get("q", Optional.empty())).isPresent();
        }
        host.settle(() -> {});
        assertThat(host.publish("q", "before")).isTrue();
        host.close();
        assertThat(storedBytes()).isGreaterThan(MESSAGES << 20);
        host.abandon();

        host = new Host(engine, time);
        time.pass(TWO_HOURS_MS, host.owner());
        assertThat(host.publish("q", "after")).isTrue();
        host.close();

        assertThat(storedBytes()).isLessThan(18 << 20);
        host.abandon();
        engine.close();
    }

    @Test
    void aSpanThatIsNoneIsRefused() {
        Host host = new Host(engine, time);

        assertThatThrownBy(
                () -> host.declare("q", Map.of("x-keep-settled", new FieldValue.Text("long"))))
                .hasMessageContaining("invalid arg 'x-keep-settled' for queue 'q' in vhost '/'");

        host.close();
        engine.close();
        host.abandon();
    }

    private long storedBytes() {
        LogId id = engine.logs().stream().filter(it -> it.value().startsWith(QueueOpener.QUEUE))
                .findFirst().orElseThrow();
        return engine.openForWrite(id, engine.metaStore().acquire("look").join(),
                LogOptions.defaults(), Owner.direct()).join().sizeBytes();
    }
}
