package io.taffrail.broker.vhost;

import io.taffrail.broker.deadletter.DeathReason;
import io.taffrail.broker.deadletter.LostLetters;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Queue;
import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.schedule.Steps;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * The dead letters of messages that queues with {@code reject-publish-dlx} refused. Such a letter
 * is routed at once, unless it comes from the routing of another letter or the letters before it
 * made enough work for one task: then it waits here for a later step. So a publish neither recurses
 * through a chain of full queues nor holds its owner, however the queues lead to each other.
 *
 * <p>
 * Waiting letters are in memory and at-most-once: they are lost in a crash, and dropped beyond
 * {@link #MAX_WAITING} or {@link #MAX_WAITING_BYTES}. Owner thread only.
 */
final class RefusedLetters {

    /** Number of letters that may wait in a virtual host. */
    static final int MAX_WAITING = 1024;
    /** Bytes of properties and bodies of waiting letters in a virtual host. */
    static final long MAX_WAITING_BYTES = 4 << 20;

    private static final String TOO_MANY = "too many letters of refused messages wait";

    /** Routes one letter. */
    interface Router {

        /** Returns the number of queues it was routed to. */
        int route(Queue queue, StoredMessage dead, DeathReason reason);
    }

    /** A copy of a message. */
    private record Copy(ByteBuffer exchangeBytes, ByteBuffer keyBytes, ByteBuffer propertyBytes,
            ByteBuffer bodyBytes, long timestampMs) implements StoredMessage {

        static Copy of(StoredMessage message) {
            return new Copy(copy(message.exchange()), copy(message.routingKey()),
                    copy(message.properties()), copy(message.body()), message.timestampMs());
        }

        private static ByteBuffer copy(ByteBuffer bytes) {
            return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
        }

        @Override
        public ByteBuffer exchange() {
            return exchangeBytes.duplicate();
        }

        @Override
        public ByteBuffer routingKey() {
            return keyBytes.duplicate();
        }

        @Override
        public ByteBuffer properties() {
            return propertyBytes.duplicate();
        }

        @Override
        public ByteBuffer body() {
            return bodyBytes.duplicate();
        }
    }

    private record Refused(Queue queue, StoredMessage dead, DeathReason reason, long bytes) {}

    private final Steps steps;
    private final LostLetters lost;
    private final int workAtOnce;
    private final InstantSource clock;
    private final Router router;
    private final Deque<Refused> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private int work;
    private boolean inside;
    private boolean scheduled;

    /**
     * @param workAtOnce
     *            number of copies that may be stored before other work of the owner has its turn
     */
    RefusedLetters(Steps steps, LostLetters lost, int workAtOnce, InstantSource clock,
            Router router) {
        this.clock = clock;
        this.steps = steps;
        this.lost = lost;
        this.workAtOnce = workAtOnce;
        this.router = router;
    }

    /** Runs the routing of a letter; letters that come from it wait. */
    <T> T during(Supplier<T> routing) {
        boolean before = inside;
        inside = true;
        try {
            return routing.get();
        } finally {
            inside = before;
        }
    }

    /** Routes the letter of a refused message now, or in a later step. */
    void add(Queue queue, StoredMessage dead, DeathReason reason) {
        if (!inside && work < workAtOnce && waiting.isEmpty()) {
            route(queue, dead, reason);
            schedule();
            return;
        }
        long bytes = (long) dead.properties().remaining() + dead.body().remaining();
        if (waiting.size() == MAX_WAITING || waitingBytes + bytes > MAX_WAITING_BYTES) {
            lost.lost(queue.name(), 1, TOO_MANY);
            return;
        }
        waiting.add(new Refused(queue, Copy.of(dead), reason, bytes));
        waitingBytes += bytes;
        schedule();
    }

    private void route(Queue queue, StoredMessage dead, DeathReason reason) {
        int body = dead.body().remaining() >> 10;
        long beganMs = clock.millis();
        int copies = during(() -> router.route(queue, dead, reason));
        boolean isLong = clock.millis() - beganMs >= Budget.MAX_MS;
        work = isLong ? workAtOnce : work + 1 + copies * (1 + body);
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            steps.add(this::step);
        }
    }

    private void step(Budget budget) {
        scheduled = false;
        work = 0;
        while (!waiting.isEmpty() && work < workAtOnce && !budget.isSpent()) {
            Refused next = waiting.remove();
            waitingBytes -= next.bytes;
            try {
                route(next.queue, next.dead, next.reason);
            } finally {
                budget.spend(next.bytes);
            }
        }
        if (!waiting.isEmpty()) {
            schedule();
        }
    }
}
