package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Consumer;
import io.taffrail.broker.queue.ConsumerOptions;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.Prefetch;
import io.taffrail.log.memory.MemoryLogEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Consumers without room cost the messages of others nothing. */
class FullConsumersTest {

    private static final int MANY = 1_000;

    private final ManualTime time = new ManualTime();
    private final MemoryLogEngine engine = new MemoryLogEngine(time);
    private final SteppedHost host = new SteppedHost(engine, time);
    private final List<Delivery> held = new ArrayList<>();
    private long asked;
    private long delivered;

    @BeforeEach
    void declare() {
        host.declare("q", Map.of());
    }

    @AfterEach
    void close() {
        host.close();
        engine.close();
    }

    private void consume(Prefetch prefetch) {
        var _ = host.await(host.api().consume("q", new ConsumerOptions("c", SteppedHost.SESSION,
                true, false, List.of(prefetch), FieldTable.EMPTY), new Consumer() {
                    @Override
                    public boolean isReady() {
                        asked++;
                        return true;
                    }

                    @Override
                    public void deliver(Delivery delivery, StoredMessage message) {
                        delivered++;
                        held.add(delivery);
                    }

                    @Override
                    public void delivered() {
                        // Nothing to flush.
                    }

                    @Override
                    public void cancelled() {
                        throw new AssertionError("cancelled");
                    }
                }));
    }

    private void publish(int count) {
        for (int number = 0; number < count; number++) {
            host.post("q", "m" + number);
        }
        host.run();
    }

    @Test
    void areNotAskedForEachMessage() {
        for (int number = 0; number < MANY; number++) {
            consume(new Prefetch(1));
        }
        publish(MANY);
        assertThat(delivered).isEqualTo(MANY);
        consume(new Prefetch(0));

        asked = 0;
        publish(MANY);

        assertThat(delivered).isEqualTo(2L * MANY);
        assertThat(asked).isLessThan(4L * MANY);
    }

    @Test
    void areServedAgainWhenTheyHaveRoom() {
        consume(new Prefetch(1));
        consume(new Prefetch(2));
        publish(10);
        assertThat(delivered).isEqualTo(3);

        for (int number = 0; number < 7; number++) {
            held.removeFirst().accept();
            host.run();
            assertThat(delivered).isEqualTo(4L + number);
        }
    }

    @Test
    void areServedAgainWhenTheirLimitIsRaised() {
        Prefetch shared = Prefetch.shared(0);
        shared.limit(1);
        consume(shared);
        publish(5);
        assertThat(delivered).isEqualTo(1);

        shared.limit(3);
        host.run();
        assertThat(delivered).isEqualTo(3);
        shared.limit(0);
        host.run();
        assertThat(delivered).isEqualTo(5);
    }
}
