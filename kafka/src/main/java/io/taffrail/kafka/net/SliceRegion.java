package io.taffrail.kafka.net;

import io.netty.channel.DefaultFileRegion;
import io.taffrail.log.spi.LogSlice;

/** Part of a log's file on its way to a socket by sendfile; the engine's file stays open. */
final class SliceRegion extends DefaultFileRegion {

    private final LogSlice slice;

    SliceRegion(LogSlice.FileSlice slice) {
        super(slice.channel(), slice.position(), slice.sizeBytes());
        this.slice = slice;
    }

    @Override
    protected void deallocate() {
        slice.close();
    }
}
