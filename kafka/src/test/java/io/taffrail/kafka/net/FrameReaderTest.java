package io.taffrail.kafka.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
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
        assertThat(sink.chargedBytes).isZero();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void frameLikeTheOneBeforeIsReadStraightIntoItsBuffer() {
        ByteBuffer stream = ByteBuffer.allocate(2 * (4 + 1_000_000)).putInt(1_000_000)
                .putInt(1_000_004, 1_000_000).clear();
        while (stream.position() < 1_000_004) {
            give(stream, Math.min(50_000, 1_000_004 - stream.position()));
        }
        give(stream, 1000);

        ByteBuf target = reader.target();

        assertThat(target.writableBytes()).isEqualTo(1_000_000 - 996);
        target.release();
        assertThat(reader.close()).isEqualTo(1_000_000);
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void announcedSizeAloneTakesNoMemory() {
        give(ByteBuffer.allocate(4).putInt(MAX_FRAME).clear(), 4);
        assertThat(reader.midFrame()).isTrue();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        assertThat(sink.chargedBytes).isZero();
        assertThat(reader.close()).isZero();
    }

    @Test
    void whatIsChargedFollowsWhatCame() {
        ByteBuffer stream = ByteBuffer.allocate(4 + MAX_FRAME).putInt(MAX_FRAME).clear();
        give(stream, 8);
        while (stream.position() < MAX_FRAME / 2) {
            give(stream, 40_000);
            assertThat(sink.chargedBytes)
                    .isLessThanOrEqualTo(Math.max(4096, 4L * stream.position()));
            assertThat(allocator.metric().usedDirectMemory()).isEqualTo(sink.chargedBytes);
        }
        assertThat(reader.close()).isEqualTo((int) sink.chargedBytes);
    }

    @Test
    void frameThatCannotGrowWaitsAndGoesOnWhereItWas() {
        byte[] sent = new byte[4 + 300_000];
        new Random(1).nextBytes(sent);
        ByteBuffer stream = ByteBuffer.wrap(sent).putInt(0, 300_000);
        give(stream, 1004);
        sink.room = false;
        while (reader.wantedBytes() == 0) {
            give(stream, 5000);
        }
        long charged = sink.chargedBytes;
        give(stream, 5000);
        give(stream, 5000);
        assertThat(sink.chargedBytes).isEqualTo(charged);

        sink.room = true;
        reader.proceed(false);
        while (stream.hasRemaining()) {
            give(stream, 5000);
        }

        assertThat(sink.frames).hasSize(1);
        assertThat(sink.frames.getFirst()).isEqualTo(Arrays.copyOfRange(sent, 4, sent.length));
        assertThat(sink.chargedBytes).isZero();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
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
        reader.proceed(false);
        assertThat(sink.frames).isEmpty();

        sink.room = true;
        reader.proceed(false);
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
        reader.proceed(false);

        assertThat(sink.frames).hasSize(2);
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noMoreFramesAreCutThanTheSinkTakes(long seed) {
        Random random = new Random(seed);
        sink.most = 3;
        ByteBuffer stream = ByteBuffer.allocate(1000 * (4 + 8));
        for (int i = 0; i < 1000; i++) {
            stream.putInt(8).putLong(i);
        }
        stream.flip();
        List<byte[]> taken = new ArrayList<>();
        while (stream.hasRemaining() || !sink.frames.isEmpty()) {
            if (stream.hasRemaining()) {
                give(stream, 1 + random.nextInt(500));
            }
            assertThat(sink.frames).hasSizeLessThanOrEqualTo(3);
            if (random.nextInt(3) > 0 || !stream.hasRemaining()) {
                taken.addAll(sink.frames);
                sink.frames.clear();
                reader.resume();
            }
        }
        assertThat(taken).hasSize(1000);
        for (int i = 0; i < 1000; i++) {
            assertThat(ByteBuffer.wrap(taken.get(i)).getLong()).isEqualTo(i);
        }
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    private void feed(ByteBuffer stream, Random random) {
        while (stream.hasRemaining()) {
            give(stream, 1 + random.nextInt(70_000));
        }
    }

    /** Reads like a transport: at most as many bytes as the target has room for. */
    private void give(ByteBuffer stream, int most) {
        ByteBuf target = reader.target();
        int bytes = Math.min(Math.min(most, stream.remaining()), target.writableBytes());
        target.writeBytes(stream.slice(stream.position(), bytes));
        stream.position(stream.position() + bytes);
        reader.received(target);
    }

    private static final class Collector implements FrameReader.Sink {
        final List<byte[]> frames = new ArrayList<>();
        int most = Integer.MAX_VALUE;
        boolean room = true;
        boolean malformed;
        long chargedBytes;

        @Override
        public boolean charge(int bytes) {
            chargedBytes += room ? bytes : 0;
            return room;
        }

        @Override
        public void release(int bytes) {
            chargedBytes -= bytes;
        }

        @Override
        public boolean scarce() {
            return false;
        }

        @Override
        public boolean full() {
            return frames.size() >= most;
        }

        @Override
        public void frame(ByteBuf frame) {
            byte[] bytes = new byte[frame.readableBytes()];
            frame.readBytes(bytes);
            frame.release();
            chargedBytes -= bytes.length;
            frames.add(bytes);
        }

        @Override
        public void malformed(String reason) {
            malformed = true;
        }
    }
}
