package io.taffrail.broker.vhost;

import io.taffrail.broker.DefinitionSpace;
import io.taffrail.broker.exchange.HistorySpace;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Consumer;
import io.taffrail.broker.queue.ConsumerOptions;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.queue.Getter;
import io.taffrail.broker.queue.Prefetch;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.schedule.SteppedOwner;
import io.taffrail.log.spi.LogEngine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * A virtual host whose owner runs one task after another on the test's thread, when the test asks
 * for it. With an engine that has no threads either, everything happens in a fixed order.
 */
final class SteppedHost {

    static final Session SESSION = new Session("test");

    private final SteppedOwner owner = new SteppedOwner();
    private final LiveVirtualHosts hosts;
    private final VirtualHost host;
    private final Publisher publisher;
    private final List<Long> rejected = new ArrayList<>();
    private long confirmed;
    private long tag;

    SteppedHost(LogEngine engine, ManualTime time) {
        this(engine, time, PublishLimits.USUAL);
    }

    SteppedHost(LogEngine engine, ManualTime time, PublishLimits limits) {
        this(engine, time, limits, CommitRoom.ofHeap());
    }

    SteppedHost(LogEngine engine, ManualTime time, PublishLimits limits, CommitRoom commits) {
        hosts = await(LiveVirtualHosts.opening(engine, engine.metaStore().acquire("test").join(),
                List.of(owner), time, _ -> time.timers(),
                () -> UUID.randomUUID().toString().substring(0, 22),
                new HostOptions(0, null, null, DefinitionSpace.ofHeap(), limits,
                        new HostMemory(commits, HistorySpace.ofHeap()))));
        host = hosts.find("/").orElseThrow();
        publisher = host.publisher(new ConfirmListener() {
            @Override
            public void confirmed(long upToTag) {
                confirmed = upToTag;
            }

            @Override
            public void rejected(long rejectedTag) {
                rejected.add(rejectedTag);
            }
        });
    }

    VirtualHost api() {
        return host;
    }

    /** Number of times the owner has returned to its other work between two steps. */
    int looks() {
        return owner.looks();
    }

    /** Runs the next task; false if none is waiting. */
    boolean runOne() {
        return owner.runOne();
    }

    /** Runs tasks until none is waiting. */
    void run() {
        runUntil(() -> false);
    }

    void runUntil(BooleanSupplier done) {
        while (!done.getAsBoolean() && runOne()) {
            // The condition runs the tasks.
        }
    }

    <T> T await(CompletableFuture<T> future) {
        runUntil(future::isDone);
        if (!future.isDone()) {
            throw new AssertionError("nothing is left to do, and it is not done");
        }
        return future.join();
    }

    void declare(String name, Map<String, FieldValue> arguments) {
        var _ = await(host.declareQueue(
                new QueueDeclaration(name, true, false, false, FieldTable.of(arguments)), SESSION));
    }

    /** Publishes a message without running tasks; returns its tag. */
    long send(String exchange, String key, String body, Properties properties) {
        tag++;
        var _ = publisher.publish(tag, new Message(exchange, key, properties,
                ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8))));
        return tag;
    }

    long send(String queue, String body) {
        return send("", queue, body, Properties.none());
    }

    /** As {@link #send}, for messages whose outcome is not checked. */
    void post(String exchange, String key, String body, Properties properties) {
        long sent = send(exchange, key, body, properties);
        assert sent > 0;
    }

    void post(String queue, String body) {
        post("", queue, body, Properties.none());
    }

    /** Publishes a message and runs tasks; returns whether it was confirmed. */
    boolean publish(String exchange, String key, String body, Properties properties) {
        long sent = send(exchange, key, body, properties);
        runUntil(() -> confirmed >= sent || rejected.contains(sent));
        return !rejected.contains(sent);
    }

    boolean publish(String queue, String body) {
        return publish("", queue, body, Properties.none());
    }

    /** Whether the message with this tag was rejected. */
    boolean isRejected(long sent) {
        return rejected.contains(sent);
    }

    long ready(String queue) {
        return await(host.checkQueue(queue, SESSION)).ready();
    }

    /** Takes and settles the message at the head; returns its body, or empty if there is none. */
    Optional<String> take(String queue) {
        List<String> got = new ArrayList<>();
        get(queue, Optional.empty(), got, new ArrayList<>());
        return got.stream().findFirst();
    }

    /** Gets one message, and runs tasks until there is an answer. */
    void get(String queue, Optional<GetHolder> holder, List<String> bodies,
            List<Delivery> deliveries) {
        var _ = await(host.get(queue, SESSION, holder, new Getter() {
            @Override
            public void got(Delivery delivery, StoredMessage message, long left) {
                bodies.add(body(message));
                deliveries.add(delivery);
            }

            @Override
            public void empty() {
                // The queue is empty.
            }
        }));
    }

    /** Adds a consumer that records bodies in the order of delivery. */
    List<String> consume(String queue, int prefetch) {
        List<String> got = new ArrayList<>();
        var _ = await(host.consume(queue, new ConsumerOptions("c", SESSION, true, false,
                List.of(new Prefetch(prefetch)), FieldTable.of(Map.of())), new Consumer() {
                    @Override
                    public boolean isReady() {
                        return true;
                    }

                    @Override
                    public void deliver(Delivery delivery, StoredMessage message) {
                        got.add(body(message));
                    }

                    @Override
                    public void delivered() {
                        // Nothing to flush.
                    }

                    @Override
                    public void cancelled() {
                        got.add("cancelled");
                    }
                }));
        return got;
    }

    private static String body(StoredMessage message) {
        return StandardCharsets.UTF_8.decode(message.body()).toString();
    }

    void close() {
        var _ = await(hosts.closing());
    }
}
