package io.taffrail.simulation.queue;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Consumer;
import io.taffrail.broker.queue.ConsumerOptions;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.Prefetch;
import io.taffrail.broker.queue.Subscription;
import io.taffrail.simulation.world.Violation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A consumer of the stream from a start position on. Owner's thread only. */
final class StreamReader implements Consumer {

    private final QueueMachine machine;
    private final StreamModel model;
    private final Start start;
    private final int prefetch;
    private final Deque<Delivery> held = new ArrayDeque<>();
    private @Nullable Subscription subscription;
    private long next = -1;
    private boolean closed;

    /** Its start position. */
    sealed interface Start {

        record First() implements Start {}

        record Last() implements Start {}

        /** Behind the last record, which is at least behind the last one read. */
        record Next(long atLeast) implements Start {}

        record At(long offset) implements Start {}

        record Since(long seconds) implements Start {}

        /** The start as the {@code x-stream-offset} argument. */
        default FieldValue argument() {
            return switch (this) {
                case First _ -> new FieldValue.Text("first");
                case Last _ -> new FieldValue.Text("last");
                case Next _ -> new FieldValue.Text("next");
                case At(long offset) -> new FieldValue.Int64(offset);
                case Since(long seconds) -> new FieldValue.Timestamp(seconds);
            };
        }
    }

    StreamReader(QueueMachine machine, StreamModel model, Start start, int prefetch) {
        this.machine = machine;
        this.model = model;
        this.start = start;
        this.prefetch = prefetch;
    }

    void begin() {
        var _ = machine.host().consume(StreamModel.NAME, new ConsumerOptions("r",
                machine.session(), true, false, List.of(new Prefetch(prefetch)),
                FieldTable.of(Map.of("x-stream-offset", start.argument()))), this)
                .whenComplete((made, failure) -> {
                    if (made == null && machine.disk().hasFailed()) {
                        return;
                    }
                    if (made == null) {
                        throw new Violation("a reader is taken", String.valueOf(failure));
                    }
                    subscription = made;
                    if (closed) {
                        made.close();
                    }
                });
    }

    @Override
    public boolean isReady() {
        return !closed;
    }

    @Override
    public void deliver(Delivery delivery, StoredMessage message) {
        if (closed) {
            throw new Violation("who has left gets nothing", StreamModel.NAME);
        }
        long offset = delivery.offset();
        if (next < 0) {
            requireStart(offset);
        } else if (offset != next) {
            throw new Violation("a reader gets every message",
                    offset + " came, not " + next);
        }
        next = offset + 1;
        model.read(offset, Integer.parseInt(
                StandardCharsets.UTF_8.decode(message.body()).toString()));
        held.add(delivery);
        if (held.size() > prefetch) {
            throw new Violation("nobody gets more than the prefetch", StreamModel.NAME);
        }
    }

    private void requireStart(long offset) {
        boolean right = switch (start) {
            case Start.First _ -> offset == 0;
            case Start.Last _ -> true;
            case Start.Next(long atLeast) -> offset >= atLeast;
            case Start.At(long wanted) -> offset == wanted;
            case Start.Since(long seconds) -> {
                model.requireOlderBefore(offset, seconds * 1000);
                yield true;
            }
        };
        if (!right) {
            throw new Violation("a reader begins where it wants to", start + ", not " + offset);
        }
    }

    @Override
    public void delivered() {
        // There is no socket to flush.
    }

    /** A read error cancels the consumer. */
    @Override
    public void cancelled() {
        if (!machine.disk().hasFailed()) {
            throw new Violation("a queue that is there serves", StreamModel.NAME);
        }
        closed = true;
        held.clear();
    }

    /** Settles some deliveries, so that others follow. */
    void accept(int most) {
        for (int i = 0; i < most && !held.isEmpty(); i++) {
            held.remove().accept();
        }
    }

    void die() {
        closed = true;
        held.clear();
        Subscription mine = subscription;
        if (mine != null) {
            mine.close();
        }
    }
}
