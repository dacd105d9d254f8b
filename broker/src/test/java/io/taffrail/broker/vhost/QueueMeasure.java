package io.taffrail.broker.vhost;

import com.sun.management.ThreadMXBean;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Consumer;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.log.local.LocalLogConfig;
import io.taffrail.log.local.LocalLogEngine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * A program, not a test, that measures the owner thread's time and allocation for one message:
 * published, stored on disk, delivered and accepted.
 */
final class QueueMeasure {

    private static final int ROUNDS = 10;
    private static final int MESSAGES = 500_000;
    private static final int WINDOW = 1000;

    private QueueMeasure() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("queue-measure");
        LocalLogEngine engine = LocalLogEngine.open(directory, LocalLogConfig.defaults(),
                InstantSource.system());
        Host host = new Host(engine, InstantSource.system());
        var _ = host.declare("q", Map.of());
        for (int round = 0; round < ROUNDS; round++) {
            round(host);
        }
        host.close();
        engine.close();
        host.abandon();
        System.exit(0);
    }

    private static void round(Host host) throws InterruptedException {
        Load load = new Load(host);
        long ownerId = host.owner().call(() -> Thread.currentThread().threadId());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var subscription = host.subscribe("q", load, true, 0, Map.of());
        long allocated = threads.getThreadAllocatedBytes(ownerId);
        long cpuNs = threads.getThreadCpuTime(ownerId);
        long startNs = System.nanoTime();
        host.run(load::begin);
        load.done.await();
        long tookNs = System.nanoTime() - startNs;
        System.out.printf("%,d messages/s, owner %d ns and %d bytes for a message%n",
                MESSAGES * 1_000_000_000L / tookNs,
                (threads.getThreadCpuTime(ownerId) - cpuNs) / MESSAGES,
                (threads.getThreadAllocatedBytes(ownerId) - allocated) / MESSAGES);
        host.run(subscription::close);
    }

    /** A client that publishes with a window of unconfirmed messages and accepts deliveries. */
    private static final class Load implements Consumer, ConfirmListener {

        private final CountDownLatch done = new CountDownLatch(1);
        private final Properties properties = Properties.none()
                .withOctet(Property.DELIVERY_MODE, 2);
        private final ByteBuffer body = ByteBuffer.allocate(12);
        private final Publisher publisher;
        private long sent;
        private long confirmed;
        private long delivered;

        Load(Host host) {
            this.publisher = host.owner().call(() -> host.api().publisher(this));
        }

        void begin() {
            while (sent < MESSAGES && sent - confirmed < WINDOW) {
                sent++;
                var _ = publisher.publish(sent, new Message("", "q", properties, body));
            }
        }

        @Override
        public void rejected(long tag) {
            throw new IllegalStateException("rejected " + tag);
        }

        @Override
        public void confirmed(long upToTag) {
            confirmed = upToTag;
            begin();
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void deliver(Delivery delivery, StoredMessage message) {
            delivery.accept();
            delivered++;
            if (delivered == MESSAGES) {
                done.countDown();
            }
        }

        @Override
        public void delivered() {
            // Nothing to flush.
        }

        @Override
        public void cancelled() {
            throw new IllegalStateException("cancelled");
        }
    }
}
