package io.taffrail.log.local.segment;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A receiver of stored batches; the buffer is valid during the call. */
public interface BatchVisitor {
    void visit(ByteBuffer batch, int position) throws IOException;
}
