package io.taffrail.kafka.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * Allocator that makes the transport read into {@link FrameReader#target}. One for each channel.
 */
final class FrameAllocator extends DefaultMaxMessagesRecvByteBufAllocator {

    private static final int READS_PER_TURN = 16;

    private final FrameReader reader;

    FrameAllocator(FrameReader reader) {
        super(READS_PER_TURN);
        this.reader = reader;
    }

    @Override
    @SuppressWarnings("deprecation")
    public Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public ByteBuf allocate(ByteBufAllocator unused) {
                return reader.target();
            }

            @Override
            public int guess() {
                return 0;
            }
        };
    }
}
