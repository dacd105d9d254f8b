package io.taffrail.kafka.net;

import io.taffrail.kafka.api.Asker;
import io.taffrail.kafka.api.Reply;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.requests.RequestHeader;
import org.jspecify.annotations.Nullable;

/**
 * Position of one request in a connection's order of replies. On the connection's event loop only,
 * where not said otherwise.
 */
final class Slot implements Asker {

    final RequestHeader header;
    private static final int FIELD_BYTES = 64;

    /** Bytes charged for the request: its frame, plus its objects if the request is large. */
    final int chargedBytes;
    final int frameBytes;
    /**
     * Bytes in flight until the reply: the larger of the frame and the estimated size of its
     * objects.
     */
    final int weightBytes;
    /** True if several requests of this kind may be in flight. */
    final boolean pipelined;
    /** Elapsed time at which the request was started, in nanoseconds. */
    long begunNs;
    /** True if the answer is an error of the request as a whole; set before the reply. */
    boolean failed;
    @Nullable
    Reply reply;
    /** The encoder of the reply, if the reply is the next to be sent and waits for memory. */
    @Nullable
    ResponseWriter response;
    /** Notified when a large response has been encoded or dropped. */
    private final AtomicReference<@Nullable LongAnswers> longAnswers = new AtomicReference<>();
    /** True while the response is encoded on a worker thread. */
    boolean encoding;
    /** Run when the connection closes. Guarded by this, as is the next. */
    private @Nullable Runnable end;
    private boolean gone;

    Slot(Decoded request, int extraBytes, boolean pipelined) {
        this.header = request.header();
        this.frameBytes = request.frame().readableBytes();
        this.chargedBytes = frameBytes + extraBytes;
        this.weightBytes = Math.max(frameBytes, request.fields() * FIELD_BYTES);
        this.pipelined = pipelined;
    }

    /** Counts the response in {@code all} until {@link #noLongAnswer}. */
    void longAnswerOf(LongAnswers all) {
        longAnswers.set(all);
    }

    /** Ends that count when the response has been encoded or dropped. Idempotent; on any thread. */
    void noLongAnswer() {
        LongAnswers all = longAnswers.getAndSet(null);
        if (all != null) {
            all.end();
        }
    }

    @Override
    public void whenGone(Runnable action) {
        synchronized (this) {
            if (!gone) {
                end = action;
                return;
            }
        }
        action.run();
    }

    /** The connection has closed. */
    void gone() {
        Runnable action;
        synchronized (this) {
            gone = true;
            action = end;
            end = null;
        }
        if (action != null) {
            action.run();
        }
    }

    /** Whether the connection has closed; on any thread. */
    synchronized boolean isGone() {
        return gone;
    }
}
