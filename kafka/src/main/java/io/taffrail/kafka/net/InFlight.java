package io.taffrail.kafka.net;

import io.taffrail.kafka.api.Reply;
import io.taffrail.log.guard.Guard;
import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * Requests of one connection that have started, in the order in which they are answered. A request
 * leaves when its response has been written; a response that is ready earlier waits here. On the
 * connection's event loop only.
 */
final class InFlight {

    /** Most requests in flight. */
    static final int MAX_REQUESTS = 64;
    /** Most bytes in flight; a single request may be larger. */
    static final int MAX_BYTES = 32 << 20;

    private final KafkaConnection connection;
    private final Answers answers;
    private final Queue<Slot> slots = new ArrayDeque<>();
    private int bytes;
    private boolean closed;

    InFlight(KafkaConnection connection, Answers answers) {
        this.connection = connection;
        this.answers = answers;
    }

    boolean isEmpty() {
        return slots.isEmpty();
    }

    /**
     * Whether a pipelined request may start next to those in flight, of which there must be any.
     */
    boolean admits(int frameBytes) {
        return slots.element().pipelined
                && slots.size() < MAX_REQUESTS
                && bytes + frameBytes <= MAX_BYTES;
    }

    void add(Slot slot) {
        assert slots.isEmpty() || (slots.element().pipelined && slot.pipelined)
                : "an exclusive request next to others";
        slots.add(slot);
        bytes += slot.weightBytes;
    }

    /** Sets the reply of a request, and sends the replies that are next in order. */
    void reply(Slot slot, Reply reply) {
        assert slot.reply == null : "two replies to one request";
        slot.reply = reply;
        drain();
    }

    /** Sends the response at the head, for which memory has now been charged. */
    void sendCharged() {
        Slot head = slots.peek();
        if (head != null && head.response != null) {
            answers.sendCharged(head, head.response);
        }
    }

    /** Sends replies in order, until one is missing or waits for memory or for its encoding. */
    void drain() {
        Slot head = slots.peek();
        while (!closed && head != null && head.reply != null && sent(head, head.reply)) {
            slots.remove();
            bytes -= head.weightBytes;
            head = slots.peek();
        }
        assert bytes >= 0 && (bytes == 0 || !slots.isEmpty()) : "bytes in flight: " + bytes;
    }

    /** Sends a reply; false if it waits, or if it has closed the connection. */
    private boolean sent(Slot slot, Reply reply) {
        return switch (reply) {
            case Reply.Body(ApiMessage message) -> answers.send(slot, message);
            case Reply.Nothing() -> true;
            case Reply.Close(String reason) -> {
                connection.close(reason);
                yield false;
            }
        };
    }

    /** Drops all requests and their replies; the connection has closed. */
    void close() {
        closed = true;
        for (Slot slot : slots) {
            if (slot.reply != null) {
                slot.noLongAnswer();
            }
            if (!slot.encoding) {
                discard(slot.reply);
            }
            if (slot.reply == null) {
                Guard.run("KAF-013", "the end of a request whose client has gone", slot::gone);
            }
        }
        slots.clear();
        bytes = 0;
    }

    /** Drops the reply to a request whose connection has closed. */
    static void discard(@Nullable Reply reply) {
        if (reply instanceof Reply.Body(ApiMessage message)) {
            ResponseWriter.discard(message);
        }
    }
}
