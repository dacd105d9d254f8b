package io.taffrail.kafka.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {

    private static final int MAX_FRAME = 5 << 20;

    private final Collector sink = new Collector();
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final FrameReader reader = new FrameReader(allocator, MAX_FRAME, sink);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void framesComeOutAsTheyWentIn(long seed) {
        Random random = new Random(seed);
        List<byte[]> frames = new ArrayList<>();
        int total = 0;
        for (int i = 0; i < 40; i++) {
            byte[] frame = new byte[8 + random.nextInt(i % 10 == 0 ? 3 << 20 : 5000)];
            random.nextBytes(frame);
            frames.add(frame);
            total += 4 + frame.length;
        }
        ByteBuffer stream = ByteBuffer.allocate(total);
        frames.forEach(frame -> stream.putInt(frame.length).put(frame));

        feed(stream.flip(), random);

        assertThat(sink.frames).hasSameSizeAs(frames);
        for (int i = 0; i < frames.size(); i++) {
            assertThat(sink.frames.get(i)).isEqualTo(frames.get(i));
        }
        assertThat(reader.midFrame()).isFalse();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void largeFrameIsReadStraightIntoItsBuffer() {
        ByteBuffer stream = ByteBuffer.allocate(4 + 1_000_000).putInt(1_000_000).clear();
        give(stream, 1000);

        ByteBuf target = reader.target();

        assertThat(target.writableBytes()).isEqualTo(1_000_000 - 996);
        target.release();
        assertThat(reader.close()).isEqualTo(1_000_000);
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void announcedSizeAloneTakesLittleMemory() {
        give(ByteBuffer.allocate(8).putInt(MAX_FRAME).clear(), 8);

        assertThat(allocator.metric().usedDirectMemory()).isLessThan(MAX_FRAME / 2);
        assertThat(reader.close()).isEqualTo(MAX_FRAME);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 7, MAX_FRAME + 1, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void impossibleSizeIsMalformed(int size) {
        give(ByteBuffer.allocate(20).putInt(size).clear(), 20);

        assertThat(sink.malformed).isTrue();
        assertThat(sink.frames).isEmpty();
    }

    @Test
    void frameWithoutRoomWaitsForIt() {
        sink.room = false;
        ByteBuffer stream = ByteBuffer.allocate(2 * (4 + 100)).putInt(0, 100).putInt(104, 100);
        give(stream, 50);
        assertThat(sink.frames).isEmpty();
        reader.retry();
        assertThat(sink.frames).isEmpty();

        sink.room = true;
        reader.retry();
        while (stream.hasRemaining()) {
            give(stream, 30);
        }

        assertThat(sink.frames).hasSize(2);
    }

    @Test
    void bytesThatCameWhileThereWasNoRoomAreKept() {
        sink.room = false;
        ByteBuffer stream = ByteBuffer.allocate(2 * (4 + 100)).putInt(0, 100).putInt(104, 100);
        while (stream.hasRemaining()) {
            give(stream, 30);
        }

        sink.room = true;
        reader.retry();

        assertThat(sink.frames).hasSize(2);
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    private void feed(ByteBuffer stream, Random random) {
        while (stream.hasRemaining()) {
            give(stream, 1 + random.nextInt(70_000));
        }
    }

    /** As a transport does: reads at most what the target takes. */
    private void give(ByteBuffer stream, int most) {
        ByteBuf target = reader.target();
        int bytes = Math.min(Math.min(most, stream.remaining()), target.writableBytes());
        target.writeBytes(stream.slice(stream.position(), bytes));
        stream.position(stream.position() + bytes);
        reader.received(target);
    }

    private static final class Collector implements FrameReader.Sink {
        final List<byte[]> frames = new ArrayList<>();
        boolean room = true;
        boolean malformed;

        @Override
        public boolean reserve(int sizeBytes) {
            return room;
        }

        @Override
        public void frame(ByteBuf frame) {
            byte[] bytes = new byte[frame.readableBytes()];
            frame.readBytes(bytes);
            frame.release();
            frames.add(bytes);
        }

        @Override
        public void malformed(String reason) {
            malformed = true;
        }
    }
}
