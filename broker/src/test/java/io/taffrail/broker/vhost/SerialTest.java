package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.log.spi.Owner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SerialTest {

    /** Runs everything at once on the test's thread. */
    private static final Owner HERE = new Owner() {
        @Override
        public boolean isCurrent() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }
    };

    private final Serial serial = new Serial(HERE);
    private final List<String> begun = new ArrayList<>();
    private final Map<String, CompletableFuture<String>> running = new HashMap<>();

    /** A request that ends when the test says so. */
    private Supplier<CompletableFuture<String>> request(String name) {
        return () -> {
            begun.add(name);
            CompletableFuture<String> result = new CompletableFuture<>();
            running.put(name, result);
            return result;
        };
    }

    private void end(String name) {
        Objects.requireNonNull(running.remove(name), name).complete(name);
    }

    @Test
    void requestForOneQueueDelaysOnlyRequestsForThatQueue() {
        var _ = serial.request("a", request("purge a"));
        var _ = serial.change("a", request("delete a"));
        var _ = serial.request("a", request("consume a"));
        var _ = serial.request("b", request("consume b"));
        var _ = serial.change("b", request("delete b"));
        var _ = serial.change(request("bind"));
        assertThat(begun).containsExactly("purge a", "consume b", "bind");

        end("bind");
        end("consume b");
        assertThat(begun).endsWith("delete b");
        end("purge a");
        assertThat(begun).endsWith("delete b");
        end("delete b");
        assertThat(begun).endsWith("delete a");
        end("delete a");
        assertThat(begun).endsWith("consume a");
        end("consume a");
        assertThat(running).isEmpty();
    }

    @Test
    void changesRunOneAtATimeInTheirOrder() {
        var _ = serial.change(request("1"));
        var _ = serial.change("q", request("2"));
        var _ = serial.change(request("3"));
        var _ = serial.request("q", request("4"));
        assertThat(begun).containsExactly("1");

        end("1");
        assertThat(begun).containsExactly("1", "2");
        end("2");
        assertThat(begun).containsExactlyInAnyOrder("1", "2", "3", "4");
    }

    @Test
    void requestThatThrowsFailsAlone() {
        CompletableFuture<String> failed = serial.change("q", () -> {
            throw new IllegalStateException("thrown by a test");
        });
        var _ = serial.request("q", request("next"));
        var _ = serial.change(request("change"));

        assertThat(failed).isCompletedExceptionally();
        assertThat(begun).containsExactly("next", "change");
    }

    @Test
    void closedRefusesWhatHasNotBegun() {
        CompletableFuture<String> first = serial.change("q", request("first"));
        CompletableFuture<String> second = serial.request("q", request("second"));
        serial.close(() -> new BrokerException(BrokerError.VIRTUAL_HOST_NOT_FOUND, "gone"));
        CompletableFuture<String> third = serial.request("other", request("third"));

        end("first");

        assertThat(first).isCompletedWithValue("first");
        assertThat(second).isCompletedExceptionally();
        assertThat(third).isCompletedExceptionally();
        assertThat(begun).containsExactly("first");
    }

    @Test
    void manyThatEndAtOnceNeedNoStack() {
        List<CompletableFuture<Integer>> results = new ArrayList<>();
        CompletableFuture<Integer> gate = new CompletableFuture<>();
        results.add(serial.change("q", () -> gate));
        for (int number = 0; number < 100_000; number++) {
            int result = number;
            results.add(serial.request("q", () -> CompletableFuture.completedFuture(result)));
        }

        gate.complete(-1);

        assertThat(results).allMatch(CompletableFuture::isDone);
    }
}
