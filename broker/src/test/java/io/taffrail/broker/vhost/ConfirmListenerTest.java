package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.log.contract.ManualClock;
import io.taffrail.log.memory.MemoryLogEngine;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A publisher whose listener throws. */
@Timeout(60)
class ConfirmListenerTest {

    private final Host host = new Host(new MemoryLogEngine(new ManualClock()), new ManualClock());
    private final List<String> told = new ArrayList<>();

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void isToldThatItFailedAndNothingMore() {
        host.declare("q", Map.of());
        Publisher publisher = host.owner().call(() -> host.api().publisher(new ConfirmListener() {
            @Override
            public void rejected(long tag) {
                told.add("rejected " + tag);
            }

            @Override
            public void confirmed(long upToTag) {
                told.add("confirmed " + upToTag);
                if (upToTag == 2) {
                    throw new AssertionError("a bug");
                }
            }

            @Override
            public void failed(Throwable cause) {
                told.add("failed " + cause.getMessage());
            }
        }));

        for (long tag = 1; tag <= 3; tag++) {
            publish(publisher, tag);
            // Turns of another publisher go on, and end after this one.
            assertThat(host.publish("q", "other " + tag)).isTrue();
        }

        assertThat(host.owner().call(() -> List.copyOf(told))).containsExactly("confirmed 1",
                "confirmed 2", "failed a bug");
    }

    private void publish(Publisher publisher, long tag) {
        host.run(() -> {
            var _ = publisher.publish(tag, new Message("", "q", Properties.none(),
                    ByteBuffer.wrap(new byte[]{1})));
        });
    }
}
