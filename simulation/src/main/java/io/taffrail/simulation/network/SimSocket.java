package io.taffrail.simulation.network;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of a simulated connection. The {@link Wire} decides what it can read and write.
 * Used on its event loop only.
 */
final class SimSocket extends AbstractChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false);
    private static final Memory MEMORY = new Memory();

    private final DefaultChannelConfig config = new DefaultChannelConfig(this);
    private final Wire wire;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private boolean open = true;
    private boolean wantsToRead;

    SimSocket(Wire wire, int port, WriteBufferWaterMark marks) {
        super(null);
        this.wire = wire;
        this.local = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        this.remote = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        config.setAllocator(MEMORY);
        config.setWriteBufferWaterMark(marks);
    }

    /** Allocates heap buffers only, so that the garbage collector frees those of a dead machine. */
    private static final class Memory extends AbstractByteBufAllocator {

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            return new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity);
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            return newHeapBuffer(initialCapacity, maxCapacity);
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }

    /** Reads the arrived bytes if the head has requested a read. */
    @SuppressWarnings("deprecation") // Netty's own transports use this handle
    void readable() {
        if (!open || (!wantsToRead && !config.isAutoRead())) {
            return;
        }
        wantsToRead = false;
        var handle = unsafe().recvBufAllocHandle();
        handle.reset(config);
        boolean any = false;
        do {
            ByteBuf into = handle.allocate(MEMORY);
            int had = into.writerIndex();
            wire.takeArrived(into);
            int read = into.writerIndex() - had;
            handle.attemptedBytesRead(read);
            handle.lastBytesRead(read);
            if (read == 0) {
                into.release();
                break;
            }
            any = true;
            handle.incMessagesRead(1);
            pipeline().fireChannelRead(into);
        } while (open && config.isAutoRead() && wire.hasArrived());
        handle.readComplete();
        if (any) {
            pipeline().fireChannelReadComplete();
        }
    }

    /** Continues to write, because there is room again. */
    void writable() {
        if (open) {
            unsafe().flush();
        }
    }

    /** Closes the channel, because the other end is gone. */
    void lost() {
        if (open) {
            unsafe().close(voidPromise());
        }
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
        if (!open) {
            throw new ClosedChannelException();
        }
        while (in.current() instanceof ByteBuf bytes) {
            int written = Math.min(bytes.readableBytes(), wire.room());
            wire.send(bytes, written);
            if (bytes.isReadable()) {
                in.progress(written);
                return;
            }
            in.remove();
        }
    }

    @Override
    protected void doBeginRead() {
        wantsToRead = true;
        wire.wantsToRead();
    }

    @Override
    protected void doClose() {
        open = false;
        wire.closedByServer();
    }

    @Override
    protected void doBind(SocketAddress localAddress) {
        throw new UnsupportedOperationException("it is connected");
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new AbstractUnsafe() {
            @Override
            public void connect(SocketAddress remoteAddress, @Nullable SocketAddress localAddress,
                    ChannelPromise promise) {
                promise.setFailure(new UnsupportedOperationException("it is connected"));
            }
        };
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof SimEventLoop;
    }

    @Override
    protected SocketAddress localAddress0() {
        return local;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return remote;
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }
}
