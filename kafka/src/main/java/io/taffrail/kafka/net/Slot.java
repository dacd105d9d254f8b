package io.taffrail.kafka.net;

import io.taffrail.kafka.api.Reply;
import org.apache.kafka.common.requests.RequestHeader;
import org.jspecify.annotations.Nullable;

/** The place of one request in a connection's order of replies. On its event loop only. */
final class Slot {

    final RequestHeader header;
    /** Size of the request's frame, which counts until the reply. */
    final int frameBytes;
    /** Several requests of this kind may be under way. */
    final boolean pipelined;
    @Nullable
    Reply reply;

    Slot(RequestHeader header, int frameBytes, boolean pipelined) {
        this.header = header;
        this.frameBytes = frameBytes;
        this.pipelined = pipelined;
    }
}
