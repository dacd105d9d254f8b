package io.taffrail.broker.outbox;

import io.taffrail.broker.Broker;
import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.RecordCursor;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.queue.Getter;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.topic.NewTopic;
import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.turn.LogReplay;
import io.taffrail.broker.vhost.ConfirmListener;
import io.taffrail.broker.vhost.Publisher;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.log.LogId;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.local.LocalLogConfig;
import io.taffrail.log.local.LocalLogEngine;
import io.taffrail.log.spi.Registration;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A broker on disk whose owners are threads of their own. Virtual host {@code /} is on one; topic
 * {@code t} has one partition there and one on the other.
 */
final class TwoLoops implements AutoCloseable {

    static final Session SESSION = new Session("test");

    private final Path directory;
    private final Map<Long, CompletableFuture<Boolean>> confirms = new ConcurrentHashMap<>();
    private final AtomicLong tags = new AtomicLong();
    private LocalLogEngine real;
    private FaultyEngine engine;
    private Loops loops;
    private Broker broker;
    private VirtualHost host;
    private Publisher publisher;

    TwoLoops(Path directory) {
        this.directory = directory;
        this.real = LocalLogEngine.open(directory, LocalLogConfig.defaults(),
                InstantSource.system());
        this.engine = new FaultyEngine(real);
        this.loops = new Loops(2);
        this.broker = Broker.open(engine, BrokerConfig.defaults(), loops.owners(),
                InstantSource.system());
        this.host = broker.virtualHosts().find("/").orElseThrow();
        this.publisher = publisher();
    }

    private Publisher publisher() {
        return call(() -> host.publisher(new ConfirmListener() {
            private long next = tags.get() + 1;

            @Override
            public void confirmed(long upTo) {
                for (; next <= upTo; next++) {
                    confirm(next).complete(true);
                }
            }

            @Override
            public void rejected(long tag) {
                confirm(tag).complete(false);
            }
        }));
    }

    private CompletableFuture<Boolean> confirm(long tag) {
        return confirms.computeIfAbsent(tag, _ -> new CompletableFuture<>());
    }

    /** Crashes at the current state, and restarts with this number of owners. */
    void crash(int owners) {
        crash(owners, false);
    }

    /**
     * As {@link #crash(int)}.
     *
     * @param forced
     *            whether the disk has all appends, though none was reported durable
     */
    void crash(int owners, boolean forced) {
        loops.kill();
        while (forced && real.unforcedBytes() > 0) {
            Thread.onSpinWait();
        }
        real.abandon();
        loops.close();
        open(owners);
    }

    private void open(int owners) {
        real = LocalLogEngine.open(directory, LocalLogConfig.defaults(), InstantSource.system());
        engine = new FaultyEngine(real);
        loops = new Loops(owners);
        broker = Broker.open(engine, BrokerConfig.defaults(), loops.owners(),
                InstantSource.system());
        host = broker.virtualHosts().find("/").orElseThrow();
        publisher = publisher();
    }

    /** Stops in order, and restarts. */
    void restart() {
        restart(() -> {});
    }

    /** As {@link #restart()}, and runs {@code between} before the restart. */
    void restart(Runnable between) {
        broker.close();
        real.close();
        loops.close();
        between.run();
        open(2);
    }

    /** The directory of a log. */
    Path folder(LogId log) {
        return directory.resolve("logs").resolve(log.value());
    }

    Broker broker() {
        return broker;
    }

    FaultyEngine engine() {
        return engine;
    }

    Loops loops() {
        return loops;
    }

    VirtualHost host() {
        return host;
    }

    <T> T call(Callable<T> body) {
        if (host.owner() instanceof Loops.Loop loop) {
            return loop.thread().call(body);
        }
        throw new IllegalStateException("not a loop: " + host.owner());
    }

    <T> T await(Callable<CompletableFuture<T>> body) {
        return OwnerThread.await(call(body));
    }

    void createTopic(Map<String, String> settings) {
        var _ = OwnerThread.await(broker.topics().create(NewTopic.of("t", 2, settings)));
        // The topic is shown as streams by an earlier task of the host.
        var _ = await(() -> host.checkExchange("t"));
    }

    /** The partition on the host's owner, or the one elsewhere. */
    Partition partition(boolean here) {
        return broker.topics().find("t").orElseThrow().partitions().stream()
                .filter(it -> it.owner().equals(host.owner()) == here).findFirst().orElseThrow();
    }

    /** Declares a queue that dead-letters to a partition. */
    void declare(String queue, Partition letters, Map<String, FieldValue> more) {
        Map<String, FieldValue> arguments = new HashMap<>(Map.of("x-dead-letter-exchange",
                new FieldValue.Text("t"), "x-dead-letter-routing-key",
                new FieldValue.Text("" + letters.index())));
        arguments.putAll(more);
        declare(queue, arguments);
    }

    void declare(String queue, Map<String, FieldValue> arguments) {
        var _ = await(() -> host.declareQueue(new QueueDeclaration(queue, true, false, false,
                FieldTable.of(arguments)), SESSION));
    }

    void bind(String exchange, String queue, String key) {
        var _ = await(() -> host.bind(new Binding(exchange, queue, true, key, FieldTable.EMPTY),
                SESSION));
    }

    /** Publishes; returns whether the message was confirmed. */
    boolean publish(String exchange, String key, String body) {
        return OwnerThread.await(send(exchange, key, body, Properties.none()));
    }

    CompletableFuture<Boolean> send(String exchange, String key, String body,
            Properties properties) {
        long tag = tags.incrementAndGet();
        host.owner().execute(() -> {
            var _ = publisher.publish(tag, new Message(exchange, key, properties,
                    ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8))));
        });
        return confirm(tag);
    }

    /** Rejects the first message, which is then dead-lettered. */
    void reject(String queue) {
        var _ = OwnerThread.await(rejectLater(queue));
    }

    /** As {@link #reject}, without waiting. */
    CompletableFuture<Delivery> rejectLater(String queue) {
        CompletableFuture<Delivery> got = new CompletableFuture<>();
        host.owner().execute(() -> {
            GetHolder holder = new GetHolder(List.of());
            var _ = host.get(queue, SESSION, Optional.of(holder), new Getter() {
                @Override
                public void got(Delivery delivery, StoredMessage message, long left) {
                    delivery.reject();
                    got.complete(delivery);
                }

                @Override
                public void empty() {
                    got.completeExceptionally(new AssertionError(queue + " is empty"));
                }
            });
        });
        return got;
    }

    long ready(String queue) {
        return await(() -> host.checkQueue(queue, SESSION)).ready();
    }

    /** Takes all messages of a queue; returns their bodies. */
    List<String> drain(String queue) {
        List<String> bodies = new ArrayList<>();
        boolean[] more = {true};
        while (more[0]) {
            var _ = await(() -> host.get(queue, SESSION, Optional.empty(), new Getter() {
                @Override
                public void got(Delivery delivery, StoredMessage message, long left) {
                    bodies.add(StandardCharsets.UTF_8.decode(message.body()).toString());
                }

                @Override
                public void empty() {
                    more[0] = false;
                }
            }));
        }
        return bodies;
    }

    /** Waits until the partition's end is at or behind {@code end}. */
    void awaitEnd(Partition partition, long end) {
        CompletableFuture<Void> reached = new CompletableFuture<>();
        partition.owner().execute(() -> {
            Registration registration = partition.log().onDurableEnd(now -> {
                if (now >= end) {
                    reached.complete(null);
                }
            });
            var _ = reached.whenComplete((_, _) -> registration.close());
            if (partition.log().durableEnd() >= end) {
                reached.complete(null);
            }
        });
        var _ = OwnerThread.await(reached);
    }

    /** Waits until the partition's owner, and then the host's, have run all their tasks. */
    void settle(Partition partition) {
        OwnerThread.await(CompletableFuture.runAsync(() -> {}, partition.owner())
                .thenRunAsync(() -> {}, host.owner()));
    }

    /** Bodies of the messages in the partition. */
    static List<String> bodies(Partition partition) {
        List<String> bodies = new ArrayList<>();
        long next = partition.log().startOffset();
        while (next < partition.log().durableEnd()) {
            ByteBuffer batches = LogReplay.batches(partition.log(), next, 1 << 20);
            RecordCursor cursor = new RecordCursor();
            cursor.open(batches);
            while (cursor.next(0)) {
                bodies.add(StandardCharsets.UTF_8.decode(cursor.body()).toString());
                next = cursor.offset() + 1;
            }
        }
        return bodies;
    }

    @Override
    public void close() {
        if (loops.isDead()) {
            real.abandon();
        } else {
            broker.close();
            real.close();
        }
        loops.close();
    }
}
