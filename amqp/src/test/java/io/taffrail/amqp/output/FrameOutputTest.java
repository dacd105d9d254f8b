package io.taffrail.amqp.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.taffrail.amqp.codec.ChannelMethod;
import io.taffrail.amqp.codec.Frame;
import io.taffrail.amqp.codec.Method;
import io.taffrail.amqp.memory.HeldMemory;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.net.MemoryBudget;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FrameOutputTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final FrameOutput output = new FrameOutput(channel,
            new HeldMemory(new MemoryBudget(1 << 20, 1 << 16, 1000).open(), Runnable::run,
                    () -> {}),
            cause -> {
                throw new AssertionError(cause);
            });

    /** A message that throws once its parts were read the given number of times. */
    private static final class Unreadable implements StoredMessage {

        private int reads;

        private Unreadable(int reads) {
            this.reads = reads;
        }

        private ByteBuffer part() {
            if (reads-- == 0) {
                throw new IllegalStateException("thrown by a test");
            }
            return ByteBuffer.allocate(10);
        }

        @Override
        public ByteBuffer exchange() {
            return part();
        }

        @Override
        public ByteBuffer routingKey() {
            return part();
        }

        @Override
        public ByteBuffer properties() {
            return part();
        }

        @Override
        public ByteBuffer body() {
            return part();
        }

        @Override
        public long timestampMs() {
            return 0;
        }
    }

    @Test
    void deliveryThatThrowsLeavesNoPartOfAFrameBehind() {
        for (int reads = 0; reads < 6; reads++) {
            int readable = reads;
            assertThatThrownBy(() -> output.delivery(1, FrameOutput.shortString("tag"), 1, false,
                    new Unreadable(readable))).hasMessage("thrown by a test");
        }
        output.method(0, new ChannelMethod.CloseOk());
        output.flush();

        ByteBuf sent = Optional.ofNullable(channel.<ByteBuf>readOutbound()).orElseThrow();
        assertThat((int) sent.readByte()).isEqualTo(Frame.METHOD);
        sent.skipBytes(Frame.HEADER_BYTES - 1);
        assertThat(Method.read(sent.readSlice(sent.readableBytes() - 1)))
                .isEqualTo(new ChannelMethod.CloseOk());
        sent.release();
        var _ = channel.close();
    }
}
