package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.DefinitionSpace;
import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.exchange.HistorySpace;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.schedule.SteppedOwner;
import io.taffrail.log.memory.MemoryLogEngine;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** All virtual hosts together remember no more messages than one share of the heap holds. */
class HistorySpaceTest {

    private static final int BODY_BYTES = 100_000;
    /** Room for ten messages, not for eleven. */
    private static final int SPACE_BYTES = BODY_BYTES * 21 / 2;

    private final ManualTime time = new ManualTime();
    private final MemoryLogEngine engine = new MemoryLogEngine(time);
    private final SteppedOwner owner = new SteppedOwner();
    private final LiveVirtualHosts hosts = await(LiveVirtualHosts.opening(engine,
            engine.metaStore().acquire("test").join(), List.of(owner), time, _ -> time.timers(),
            () -> UUID.randomUUID().toString().substring(0, 22),
            new HostOptions(0, null, null, DefinitionSpace.ofHeap(), PublishLimits.USUAL,
                    new HostMemory(CommitRoom.ofHeap(), new HistorySpace(SPACE_BYTES)))));

    @AfterEach
    void close() {
        await(hosts.closing());
        engine.close();
    }

    private <T> T await(CompletableFuture<T> future) {
        while (!future.isDone() && owner.runOne()) {
            // The condition runs the tasks.
        }
        if (!future.isDone()) {
            throw new AssertionError("nothing is left to do, and it is not done");
        }
        return future.join();
    }

    private VirtualHost host(String name) {
        if (hosts.find(name).isEmpty()) {
            await(hosts.create(name));
        }
        VirtualHost host = hosts.find(name).orElseThrow();
        await(host.declareExchange(new ExchangeDeclaration("x", "x-recent-history", true, false,
                false, FieldTable.of(Map.of("x-recent-history-length",
                        new FieldValue.Int32(1_000))))));
        return host;
    }

    private void publish(VirtualHost host, int count) {
        Publisher publisher = host.publisher(new ConfirmListener() {
            @Override
            public void confirmed(long upToTag) {
                // Nothing waits for it.
            }

            @Override
            public void rejected(long rejectedTag) {
                throw new AssertionError("message " + rejectedTag + " was rejected");
            }
        });
        for (int tag = 1; tag <= count; tag++) {
            var _ = publisher.publish(tag, new Message("x", "key", Properties.none(),
                    ByteBuffer.allocate(BODY_BYTES)));
        }
    }

    /** Number of messages that a new binding gets. */
    private long remembered(VirtualHost host, String queue) {
        var _ = await(host.declareQueue(
                new QueueDeclaration(queue, true, false, false, FieldTable.EMPTY),
                SteppedHost.SESSION));
        await(host.bind(new Binding("x", queue, true, "", FieldTable.EMPTY), SteppedHost.SESSION));
        while (owner.runOne()) {
            // The history is given in steps.
        }
        return await(host.checkQueue(queue, SteppedHost.SESSION)).ready();
    }

    @Test
    void hostsShareOneSpace() {
        VirtualHost one = host("/");
        VirtualHost two = host("two");
        publish(one, 7);
        publish(two, 7);

        assertThat(remembered(one, "q")).isEqualTo(7);
        assertThat(remembered(two, "q")).isEqualTo(3);
    }

    @Test
    void aDeletedExchangeGivesItsShareBack() {
        VirtualHost one = host("/");
        publish(one, 12);
        assertThat(remembered(one, "q")).isEqualTo(10);
        await(one.deleteExchange("x", false));

        VirtualHost two = host("two");
        publish(two, 12);
        assertThat(remembered(two, "q")).isEqualTo(10);
    }

    @Test
    void aDeletedHostGivesItsShareBack() {
        publish(host("two"), 12);
        await(hosts.delete("two"));

        VirtualHost one = host("/");
        publish(one, 12);
        assertThat(remembered(one, "q")).isEqualTo(10);
    }
}
