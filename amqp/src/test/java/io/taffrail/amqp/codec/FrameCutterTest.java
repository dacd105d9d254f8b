package io.taffrail.amqp.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameCutterTest {

    private static final int MAX_FRAME = 4096;

    private final List<String> received = new ArrayList<>();
    private final FrameCutter cutter = new FrameCutter(UnpooledByteBufAllocator.DEFAULT, MAX_FRAME,
            (type, channel, payload) -> received.add(text(type, channel, payload)));

    private static String text(int type, int channel, ByteBuf payload) {
        byte[] bytes = new byte[payload.readableBytes()];
        payload.readBytes(bytes);
        return type + " " + channel + " " + HexFormat.of().formatHex(bytes);
    }

    @Test
    void framesComeWholeHoweverTheyAreSplit() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            received.clear();
            List<String> sent = new ArrayList<>();
            ByteBuf stream = Unpooled.buffer();
            for (int left = 1 + random.nextInt(20); left > 0; left--) {
                byte[] payload = new byte[random.nextInt(4) == 0
                        ? random.nextInt(MAX_FRAME - Frame.OVERHEAD_BYTES + 1)
                        : random.nextInt(20)];
                random.nextBytes(payload);
                int type = 1 + random.nextInt(3);
                int channel = random.nextInt(1 << 16);
                sent.add(text(type, channel, Unpooled.wrappedBuffer(payload)));
                int start = Frame.begin(stream, type, channel);
                stream.writeBytes(payload);
                Frame.end(stream, start);
            }
            while (stream.isReadable()) {
                ByteBuf part = stream.readBytes(
                        Math.min(stream.readableBytes(), 1 + random.nextInt(2000)));
                assertThat(cutter.received(part)).isTrue();
                part.release();
            }
            assertThat(received).as("seed %d", seed).isEqualTo(sent);
        }
        cutter.close();
    }

    @Test
    void aWrongEndIsAFrameError() {
        ByteBuf bytes = Unpooled.buffer();
        Frame.heartbeat(bytes);
        bytes.setByte(bytes.writerIndex() - 1, 0);

        refuses(bytes);
    }

    @Test
    void anUnknownTypeIsAFrameError() {
        ByteBuf bytes = Unpooled.buffer();
        Frame.heartbeat(bytes);
        bytes.setByte(0, 7);

        refuses(bytes);
    }

    @Test
    void aFrameLargerThanNegotiatedIsAFrameErrorBeforeItHasCome() {
        refuses(Unpooled.buffer().writeByte(Frame.BODY).writeShort(1)
                .writeInt(MAX_FRAME - Frame.OVERHEAD_BYTES + 1));
    }

    private void refuses(ByteBuf bytes) {
        assertThatThrownBy(() -> cutter.received(bytes)).isInstanceOfSatisfying(
                AmqpException.class,
                e -> assertThat(e.code()).isEqualTo(ReplyCode.FRAME_ERROR));
    }
}
