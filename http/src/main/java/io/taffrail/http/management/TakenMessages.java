package io.taffrail.http.management;

import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.queue.Getter;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.http.route.HeapRoom;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.net.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages that one request takes from a queue, written one after another. Those of a mode
 * with requeue return to their places at the end; the others are settled when they were written.
 * If the client breaks off, what was not settled returns to the queue. Used by one virtual thread.
 */
final class TakenMessages {

    private static final Logger LOG = LoggerFactory.getLogger(TakenMessages.class);

    /** The end of each message, as RabbitMQ names it. */
    enum AckMode {
        ACK_REQUEUE_TRUE, ACK_REQUEUE_FALSE, REJECT_REQUEUE_TRUE, REJECT_REQUEUE_FALSE;

        static Optional<AckMode> of(String text) {
            return Arrays.stream(values())
                    .filter(it -> it.name().toLowerCase(Locale.ROOT).equals(text)).findFirst();
        }
    }

    /** Bytes for a byte of a body while it is taken: the body, its characters, and its text. */
    private static final int COPIES = 6;
    /** Bytes for a byte of a body while it is written. */
    private static final int TEXT = 2;
    /** Longest wait for room in the heap. */
    private static final Duration WAIT = Duration.ofSeconds(10);

    private record Taken(Delivery delivery, Map<String, @Nullable Object> object) {}

    private final VirtualHost host;
    private final String queue;
    private final AckMode mode;
    private final PayloadForm form;
    private final HeapRoom room;
    /** Share of the room that the present message has. */
    private int share;
    private final GetHolder holder = new GetHolder(List.of());
    private Optional<Taken> next = Optional.empty();
    private long left;

    TakenMessages(VirtualHost host, String queue, long count, AckMode mode, PayloadForm form,
            HeapRoom room) {
        this.room = room;
        this.host = host;
        this.queue = queue;
        this.left = count;
        this.mode = mode;
        this.form = form;
    }

    /** Takes the first message; fails if the queue refuses. */
    void begin() {
        next = take();
    }

    /** Takes room for the largest message that may come, then keeps what the message needs. */
    private Optional<Taken> take() {
        giveRoom();
        if (left-- <= 0) {
            return Optional.empty();
        }
        share = room.take(form.mostBytes() * COPIES, WAIT);
        boolean done = false;
        try {
            Optional<Taken> taken = taken();
            share = room.keep(share, taken.map(it -> it.object().get("payload"))
                    .map(it -> (long) String.valueOf(it).length() * TEXT).orElse(0L));
            done = true;
            return taken;
        } finally {
            if (!done) {
                giveRoom();
            }
        }
    }

    /** Takes the next message; without room the answer has fewer messages than were asked for. */
    private Optional<Taken> more() {
        try {
            return take();
        } catch (HttpProblem e) {
            LOG.debug("a request gets fewer messages than it asked for", e);
            return Optional.empty();
        }
    }

    private void giveRoom() {
        room.give(share);
        share = 0;
    }

    private Optional<Taken> taken() {
        CompletableFuture<Optional<Taken>> taken = new CompletableFuture<>();
        HostScope.run(host, it -> it.get(queue, QueueRoutes.SESSION, Optional.of(holder),
                new Getter() {
                    @Override
                    public void got(Delivery delivery, StoredMessage message, long more) {
                        taken.complete(Optional.of(new Taken(delivery,
                                form.object(message, delivery.redelivered(), more))));
                    }

                    @Override
                    public void empty() {
                        taken.complete(Optional.empty());
                    }
                }));
        return taken.join();
    }

    /** Writes a JSON array of the messages. */
    void writeTo(OutputStream out) throws IOException {
        try {
            Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
            String before = "[";
            while (next.isPresent()) {
                writer.write(before);
                before = ",";
                Json.write(next.get().object(), writer);
                Delivery delivery = next.get().delivery();
                switch (mode) {
                    case ACK_REQUEUE_FALSE -> onOwner(_ -> delivery.accept());
                    case REJECT_REQUEUE_FALSE -> onOwner(_ -> delivery.reject());
                    case ACK_REQUEUE_TRUE, REJECT_REQUEUE_TRUE -> {
                        // The holder returns it at the end.
                    }
                }
                next = more();
            }
            writer.write(before.equals("[") ? "[]" : "]");
            writer.flush();
        } finally {
            giveRoom();
            onOwner(_ -> holder.close());
        }
    }

    private void onOwner(Consumer<VirtualHost> task) {
        HostScope.run(host, it -> {
            task.accept(it);
            return CompletableFuture.completedFuture(true);
        });
    }
}
