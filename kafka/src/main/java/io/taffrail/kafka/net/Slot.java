package io.taffrail.kafka.net;

import io.taffrail.kafka.api.Reply;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.requests.RequestHeader;
import org.jspecify.annotations.Nullable;

/** The place of one request in a connection's order of replies. On its event loop only. */
final class Slot {

    final RequestHeader header;
    private static final int FIELD_BYTES = 64;

    /** Memory charged for the request: its frame, and more if it is not small. */
    final int chargedBytes;
    final int frameBytes;
    /** What counts until the reply: the frame, or its objects where they take more. */
    final int weightBytes;
    /** Several requests of this kind may be under way. */
    final boolean pipelined;
    @Nullable
    Reply reply;
    /** The reply, measured, when it is the next to be sent and waits for memory. */
    @Nullable
    ResponseWriter response;
    /** Told when the response, a long one, has been encoded or dropped. */
    private final AtomicReference<@Nullable LongAnswers> longAnswers = new AtomicReference<>();
    /** The response is being encoded beside the event loop. */
    boolean encoding;

    Slot(Decoded request, int extraBytes, boolean pipelined) {
        this.header = request.header();
        this.frameBytes = request.frame().readableBytes();
        this.chargedBytes = frameBytes + extraBytes;
        this.weightBytes = Math.max(frameBytes, request.fields() * FIELD_BYTES);
        this.pipelined = pipelined;
    }

    /** The response will be one of these, until {@link #noLongAnswer}. */
    void longAnswerOf(LongAnswers all) {
        longAnswers.set(all);
    }

    /** The response has been encoded or dropped; more than once does nothing, on any thread. */
    void noLongAnswer() {
        LongAnswers all = longAnswers.getAndSet(null);
        if (all != null) {
            all.end();
        }
    }
}
