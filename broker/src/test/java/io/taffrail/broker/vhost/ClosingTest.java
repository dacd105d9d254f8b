package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.vhost.Host.Recorder;
import io.taffrail.log.Refusal;
import io.taffrail.log.memory.MemoryLogEngine;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The state on disk after an orderly stop. */
class ClosingTest {

    private final ManualTime time = new ManualTime();

    @Test
    void settlementsThatAreRefusedAsTooMuchAreStoredBeforeTheEnd() {
        MemoryLogEngine engine = new MemoryLogEngine(time);
        Host host = new Host(engine, time);
        var _ = host.declare("q", Map.of());
        assertThat(host.publish("q", "m")).isTrue();
        Recorder recorder = host.consume("q", 1);
        Host.Got got = recorder.take();
        host.run(() -> {
            got.delivery().accept();
            engine.failNextAppend(Refusal.OVERLOADED);
        });

        CompletableFuture<Void> closing = CompletableFuture.runAsync(host::close);
        while (!closing.isDone()) {
            time.pass(1, host.owner());
        }

        closing.join();
        // The engine completes its futures on the owner's thread.
        host.run(() -> {});
        MemoryLogEngine again = engine.restart();
        host.abandon();
        Host restarted = new Host(again, time);
        assertThat(restarted.status("q").ready()).isZero();
        restarted.close();
        again.close();
        restarted.abandon();
    }
}
