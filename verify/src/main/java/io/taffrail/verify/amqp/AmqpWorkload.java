package io.taffrail.verify.amqp;

import com.rabbitmq.client.Connection;
import io.taffrail.verify.history.Recorder;
import io.taffrail.verify.load.LoadSettings;
import io.taffrail.verify.load.Pace;
import io.taffrail.verify.load.Workload;
import io.taffrail.verify.load.WorkloadException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The AMQP workload: durable queues, publishers with confirms, and consumers
 * with manual acknowledgements. Consumers take only a part of the published messages,
 * so that the queues are never empty. At the end of the run the queues are drained.
 */
public final class AmqpWorkload implements Workload {

    private static final long RETRY_NS = 100_000_000;
    /** Publish rate divided by consume rate while the publishers run. */
    private static final int CONSUMED_ONE_IN = 4;

    private final AmqpClients clients;
    private final Map<String, TargetQueueType> queues;
    private final Recorder recorder;
    private final LongSupplier nanoClock;
    private final List<AmqpPublisher> publishers = new ArrayList<>();
    private final List<AmqpConsumer> consumers = new ArrayList<>();

    /**
     * Creates the workload; connects later.
     *
     * @param address
     *            {@code HOST:PORT} or an AMQP URI
     * @param types
     *            types of queues; one queue of each is used
     * @param numbers
     *            source of producer numbers, shared by all workloads of a history
     * @param nanoClock
     *            a monotonic clock in nanoseconds
     */
    public AmqpWorkload(String address, Set<TargetQueueType> types, LoadSettings settings,
            Recorder recorder, AtomicInteger numbers, LongSupplier nanoClock) {
        this.clients = new AmqpClients(address);
        this.recorder = recorder;
        this.nanoClock = nanoClock;
        Map<String, TargetQueueType> byName = new java.util.TreeMap<>();
        types.forEach(type -> byName.put(settings.name() + "-" + type.label(), type));
        this.queues = byName;
        double rate = (double) settings.ratePerSecond() / types.size();
        for (String queue : byName.keySet()) {
            for (int i = 0; i < settings.producers(); i++) {
                publishers.add(new AmqpPublisher(clients, queue, settings, recorder, numbers,
                        new Pace(rate / settings.producers(), nanoClock)));
            }
            for (int i = 0; i < settings.consumers(); i++) {
                consumers.add(new AmqpConsumer(clients, queue, queue + "-consumer-" + i, recorder,
                        new Pace(rate / settings.consumers() / CONSUMED_ONE_IN, nanoClock)));
            }
        }
    }

    @Override
    public void awaitServing(Duration limit) throws InterruptedException {
        long deadlineNs = nanoClock.getAsLong() + limit.toNanos();
        while (true) {
            try {
                AmqpClients.abort(clients.connect());
                return;
            } catch (IOException | TimeoutException e) {
                if (nanoClock.getAsLong() > deadlineNs) {
                    throw new WorkloadException("no AMQP broker responds at " + clients.address(),
                            e);
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                LockSupport.parkNanos(RETRY_NS);
            }
        }
    }

    @Override
    public void prepare() {
        try (Connection connection = clients.connect()) {
            for (Map.Entry<String, TargetQueueType> queue : queues.entrySet()) {
                var _ = connection.createChannel().queueDeclare(queue.getKey(), true, false, false,
                        Map.of("x-queue-type", queue.getValue().label()));
            }
        } catch (IOException | TimeoutException e) {
            throw new WorkloadException("cannot declare queues: " + e, e);
        }
    }

    @Override
    public void start() {
        consumers.forEach(AmqpConsumer::start);
        publishers.forEach(AmqpPublisher::start);
    }

    @Override
    public void observe() {
        // A queue has no state to query; its deliveries show everything.
    }

    @Override
    public void finish(Duration limit) throws InterruptedException {
        publishers.forEach(publisher -> publisher.finish(limit));
        consumers.forEach(AmqpConsumer::finish);
        for (AmqpPublisher publisher : publishers) {
            publisher.join();
        }
        for (AmqpConsumer consumer : consumers) {
            consumer.join();
        }
        for (String queue : queues.keySet()) {
            new AmqpDrain(clients, queue, recorder, nanoClock).run(limit);
        }
    }

    @Override
    public void remove() {
        try (Connection connection = clients.connect()) {
            for (String queue : queues.keySet()) {
                var _ = connection.createChannel().queueDelete(queue);
            }
        } catch (IOException | TimeoutException e) {
            throw new WorkloadException("cannot delete queues: " + e, e);
        }
    }

    @Override
    public void close() {
        publishers.forEach(AmqpPublisher::close);
        consumers.forEach(AmqpConsumer::close);
    }
}
