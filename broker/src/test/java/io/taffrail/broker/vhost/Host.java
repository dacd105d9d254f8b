package io.taffrail.broker.vhost;

import io.taffrail.broker.message.ByteText;
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
import io.taffrail.broker.queue.QueueStatus;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.queue.Subscription;
import io.taffrail.broker.schedule.ThreadTimers;
import io.taffrail.broker.schedule.Timers;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.spi.LogEngine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A virtual host with a thread of its own, used from a test's thread. */
final class Host implements AutoCloseable {

    static final Session SESSION = new Session("test");
    private static final int PATIENCE_S = 30;

    private final OwnerThread owner = new OwnerThread();
    private final ThreadTimers timers = new ThreadTimers();
    private final LiveVirtualHosts hosts;
    private final VirtualHost host;
    private final Confirms confirms = new Confirms();
    private final Publisher publisher;
    private long tag;

    Host(LogEngine engine, InstantSource clock) {
        this(engine, clock, null);
    }

    /** Creates a host whose timers follow the clock. */
    Host(LogEngine engine, ManualTime time) {
        this(engine, time, time.timers());
    }

    /** Creates a host whose timers that are already due run while it is being opened. */
    static Host hasty(LogEngine engine, ManualTime time) {
        Timers timers = time.timers();
        return new Host(engine, time, (delayMs, task) -> {
            if (delayMs > 0) {
                return timers.after(delayMs, task);
            }
            task.run();
            return () -> {};
        });
    }

    private Host(LogEngine engine, InstantSource clock, @Nullable Timers own) {
        hosts = LiveVirtualHosts.open(engine, engine.metaStore().acquire("test").join(),
                List.of(owner), clock, it -> own == null ? timers.of(it) : own, Host::newId);
        host = hosts.find("/").orElseThrow();
        publisher = owner.call(() -> host.publisher(confirms));
    }

    private static String newId() {
        return UUID.randomUUID().toString().substring(0, 22);
    }

    /** A delivery, with a copy of its message. */
    record Got(Delivery delivery, String exchange, String key, String body, Properties properties,
            boolean redelivered) {

        static Got of(Delivery delivery, StoredMessage message) {
            return new Got(delivery, text(message.exchange()), text(message.routingKey()),
                    text(message.body()), Properties.of(message.properties()).copy(),
                    delivery.redelivered());
        }

        private static String text(ByteBuffer bytes) {
            return ByteText.of(bytes);
        }
    }

    /** A consumer that records deliveries. */
    static final class Recorder implements Consumer {

        private final BlockingQueue<Got> got = new LinkedBlockingQueue<>();
        private final CompletableFuture<Void> cancelled = new CompletableFuture<>();
        private final CompletableFuture<Long> timedOut = new CompletableFuture<>();
        private volatile boolean ready = true;

        void ready(boolean value) {
            ready = value;
        }

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void deliver(Delivery delivery, StoredMessage message) {
            got.add(Got.of(delivery, message));
        }

        @Override
        public void delivered() {
            // Nothing to flush.
        }

        @Override
        public void timedOut(long limitMs) {
            timedOut.complete(limitMs);
        }

        CompletableFuture<Long> timedOut() {
            return timedOut;
        }

        @Override
        public void cancelled() {
            cancelled.complete(null);
        }

        void awaitCancelled() {
            OwnerThread.await(cancelled);
        }

        Got take() {
            try {
                Got next = got.poll(PATIENCE_S, TimeUnit.SECONDS);
                if (next == null) {
                    throw new AssertionError("nothing was delivered");
                }
                return next;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        List<Got> take(int count) {
            List<Got> taken = new ArrayList<>();
            for (int index = 0; index < count; index++) {
                taken.add(take());
            }
            return taken;
        }

        int size() {
            return got.size();
        }

        boolean isEmpty() {
            return got.isEmpty();
        }
    }

    /** A listener that records confirms and rejects. */
    static final class Confirms implements ConfirmListener {

        private final List<Long> rejected = new ArrayList<>();
        private long confirmed;
        private Runnable onChange = () -> {};

        @Override
        public synchronized void rejected(long rejectedTag) {
            rejected.add(rejectedTag);
            onChange.run();
            notifyAll();
        }

        @Override
        public synchronized void confirmed(long upToTag) {
            confirmed = upToTag;
            onChange.run();
            notifyAll();
        }

        synchronized boolean await(long awaited) {
            try {
                while (confirmed < awaited && !rejected.contains(awaited)) {
                    wait(TimeUnit.SECONDS.toMillis(PATIENCE_S));
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return !rejected.contains(awaited);
        }
    }

    VirtualHost api() {
        return host;
    }

    OwnerThread owner() {
        return owner;
    }

    /** Runs an asynchronous call on the owner's thread and waits for its result. */
    <T> T await(Supplier<CompletableFuture<T>> call) {
        return OwnerThread.await(owner.call(call::get));
    }

    void run(Runnable body) {
        owner.run(body);
    }

    QueueStatus declare(String name, Map<String, FieldValue> arguments) {
        return await(() -> host.declareQueue(
                new QueueDeclaration(name, true, false, false, FieldTable.of(arguments)), SESSION));
    }

    QueueStatus status(String name) {
        return await(() -> host.checkQueue(name, SESSION));
    }

    /** Publishes to a queue; returns whether the message was confirmed. */
    boolean publish(String queue, String body) {
        return awaitConfirm(send("", queue, body, Properties.none()));
    }

    /** Publishes to a queue without waiting. */
    void post(String queue, String body) {
        long sent = send("", queue, body, Properties.none());
        assert sent > 0;
    }

    /** As {@link #post}, called on the owner's thread. */
    void postNow(String queue, String body) {
        postNow("", queue, body, Properties.none());
    }

    /** Publishes without waiting, called on the owner's thread. */
    void postNow(String exchange, String key, String body, Properties properties) {
        tag++;
        var _ = publisher.publish(tag, new Message(exchange, key, properties,
                ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8))));
    }

    long send(String exchange, String key, String body, Properties properties) {
        return owner.call(() -> {
            tag++;
            var _ = publisher.publish(tag, new Message(exchange, key, properties,
                    ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8))));
            return tag;
        });
    }

    /** Tag of the last message published. */
    long lastTag() {
        return owner.call(() -> tag);
    }

    /** Waits for a confirm, and until the queues know that the message is durable. */
    boolean awaitConfirm(long awaited) {
        boolean confirmed = confirms.await(awaited);
        // The task that confirmed it may have yet to tell the queues.
        owner.run(() -> {});
        return confirmed;
    }

    Recorder consume(String queue, int prefetch) {
        Recorder recorder = new Recorder();
        var _ = subscribe(queue, recorder, true, prefetch, Map.of());
        return recorder;
    }

    Subscription subscribe(String queue, Consumer consumer, boolean acknowledges, int prefetch,
            Map<String, FieldValue> arguments) {
        return await(() -> host.consume(queue,
                new ConsumerOptions("c", SESSION, acknowledges, false,
                        prefetch == 0 ? List.of() : List.of(new Prefetch(prefetch)),
                        FieldTable.of(arguments)),
                consumer));
    }

    Optional<Got> get(String queue, Optional<GetHolder> holder) {
        List<Got> found = new ArrayList<>();
        var _ = await(() -> host.get(queue, SESSION, holder, new Getter() {
            @Override
            public void got(Delivery delivery, StoredMessage message, long left) {
                found.add(Got.of(delivery, message));
            }

            @Override
            public void empty() {
                // The queue is empty.
            }
        }));
        return found.stream().findFirst();
    }

    /** Runs a settlement and waits until it is durable. */
    void settle(Runnable settling) {
        var _ = await(() -> host.atomically(settling));
    }

    @Override
    public void close() {
        hosts.close();
        timers.close();
    }

    /** Stops the threads, after the engine was closed or dropped. */
    void abandon() {
        // Later notices of the engine start no timer.
        owner.run(() -> {});
        timers.close();
        owner.close();
    }
}
