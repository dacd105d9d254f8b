package io.taffrail.kafka.net;

import io.netty.channel.DefaultFileRegion;
import io.taffrail.log.spi.LogSlice;

/** Part of a log file that is sent to a socket with sendfile. The engine's file stays open. */
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
