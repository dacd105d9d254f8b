package io.taffrail.broker;

import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topics;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.Registration;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The periodic job that applies retention and producer expiry to every log, on the logs' owners, a
 * few logs per task so that owners keep serving requests.
 */
final class Maintenance implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);
    private static final int LOGS_PER_TURN = 32;

    private final Topics topics;
    private final InstantSource clock;
    private final BrokerThreads threads;
    private @Nullable Registration repeated;

    Maintenance(Topics topics, InstantSource clock, BrokerThreads threads) {
        this.threads = threads;
        this.topics = topics;
        this.clock = clock;
    }

    void start(Duration interval) {
        repeated = threads.every(interval, this::runAndWait);
    }

    /** One pass over all logs; completes with the number of segments dropped. */
    CompletableFuture<Integer> run() {
        Map<Owner, Queue<Partition>> byOwner = new HashMap<>();
        topics.all().forEach(topic -> topic.partitions().forEach(partition -> byOwner
                .computeIfAbsent(partition.owner(), o -> new ArrayDeque<>()).add(partition)));
        List<CompletableFuture<Integer>> passes = new ArrayList<>();
        byOwner.forEach((owner, logs) -> {
            CompletableFuture<Integer> pass = new CompletableFuture<>();
            passes.add(pass);
            owner.execute(() -> turn(owner, logs, 0, pass));
        });
        return CompletableFuture.allOf(passes.toArray(CompletableFuture[]::new))
                .thenApply(done -> passes.stream().mapToInt(CompletableFuture::join).sum());
    }

    private void turn(Owner owner, Queue<Partition> logs, int droppedBefore,
            CompletableFuture<Integer> pass) {
        int dropped = droppedBefore;
        for (int i = 0; i < LOGS_PER_TURN && !logs.isEmpty(); i++) {
            dropped += maintain(logs.remove());
        }
        if (logs.isEmpty()) {
            pass.complete(dropped);
            return;
        }
        int soFar = dropped;
        owner.execute(() -> turn(owner, logs, soFar, pass));
    }

    private int maintain(Partition partition) {
        int[] dropped = new int[1];
        Guard.run("RET-001", "retention of " + partition,
                () -> dropped[0] = partition.log().maintain(clock.millis()));
        return dropped[0];
    }

    private void runAndWait() {
        Guard.run("RET-002", "a pass of retention", () -> {
            int dropped = threads.await(run());
            LOG.debug("retention dropped {} segments", dropped);
        });
    }

    @Override
    public void close() {
        if (repeated != null) {
            repeated.close();
        }
    }
}
