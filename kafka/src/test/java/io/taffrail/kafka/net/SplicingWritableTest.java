package io.taffrail.kafka.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.taffrail.log.spi.LogSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplicingWritableTest {

    private final AtomicInteger closed = new AtomicInteger();

    @Test
    void numbersAreWrittenAsKafkaReadsThem() {
        List<Object> parts = new ArrayList<>();
        SplicingWritable out = new SplicingWritable(Unpooled.buffer(), parts,
                new CopyPlan(1 << 20));
        int[] ints = {0, 1, -1, 63, -64, 64, 300, Integer.MAX_VALUE, Integer.MIN_VALUE};
        long[] longs = {0, -1, 64, Long.MAX_VALUE, Long.MIN_VALUE};
        for (int value : ints) {
            out.writeVarint(value);
            out.writeUnsignedVarint(value);
        }
        for (long value : longs) {
            out.writeVarlong(value);
        }
        out.finish();

        ByteBufferAccessor in = new ByteBufferAccessor(((ByteBuf) parts.getFirst()).nioBuffer());
        for (int value : ints) {
            assertThat(in.readVarint()).isEqualTo(value);
            assertThat(in.readUnsignedVarint()).isEqualTo(value);
        }
        for (long value : longs) {
            assertThat(in.readVarlong()).isEqualTo(value);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, CopyPlan.SLICE_BYTES, CopyPlan.SLICE_BYTES + 1})
    void sliceOfAFileGoesBetweenWhatIsAroundIt(int size, @TempDir Path folder)
            throws IOException {
        byte[] content = new byte[size + 20];
        content[10] = 7;
        Path file = Files.write(folder.resolve("log"), content);
        try (FileChannel channel = FileChannel.open(file)) {
            List<Object> parts = new ArrayList<>();
            SplicingWritable out = new SplicingWritable(Unpooled.buffer(40_000), parts,
                    new CopyPlan(1 << 20));
            out.writeInt(1);
            out.writeRecords(new SliceRecords(
                    new LogSlice.FileSlice(channel, 10, size, closed::incrementAndGet)));
            out.writeInt(2);
            out.finish();

            boolean copied = size <= CopyPlan.SLICE_BYTES;
            assertThat(parts).hasSize(copied ? 1 : 3);
            assertThat(closed).hasValue(copied ? 1 : 0);
            if (copied) {
                assertThat(((ByteBuf) parts.getFirst()).readableBytes()).isEqualTo(8 + size);
            } else {
                SliceRegion region = (SliceRegion) parts.get(1);
                assertThat(region.count()).isEqualTo(size);
                region.release();
                assertThat(closed).hasValue(1);
                assertThat(channel.isOpen()).isTrue();
            }
        }
    }

    @Test
    void largeSliceInMemoryIsNotCopied() {
        ByteBuffer records = ByteBuffer.allocate(CopyPlan.SLICE_BYTES + 1);
        List<Object> parts = new ArrayList<>();
        SplicingWritable out = new SplicingWritable(
                UnpooledByteBufAllocator.DEFAULT.buffer(), parts,
                new CopyPlan(1 << 20));
        out.writeRecords(new SliceRecords(
                new LogSlice.BufferSlice(records, closed::incrementAndGet)));
        out.finish();

        assertThat(parts).singleElement().isInstanceOf(HeldBuffer.class);
        assertThat(closed).hasValue(0);
    }
}
