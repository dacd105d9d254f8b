package io.taffrail.kafka.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import io.taffrail.log.spi.LogSlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResponseWriterTest {

    private static final int LARGE = CopyPlan.SLICE_BYTES + 1;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final RequestHeader header = new RequestHeader(ApiKeys.FETCH, (short) 12, "c", 5);
    private final List<String> closed = new ArrayList<>();

    @Test
    void sizeCountsWhatIsCopiedAndWhatIsNot() {
        FetchResponseData body = response(memory("a", 100), memory("b", LARGE), memory("c", 7));

        List<Object> parts = new ResponseWriter(header, body).encode(allocator);

        int written = 0;
        for (Object part : parts) {
            written += part instanceof HeldBuffer held
                    ? held.buffer().readableBytes()
                    : ((ByteBuf) part).readableBytes();
        }
        assertThat(((ByteBuf) parts.getFirst()).getInt(0)).isEqualTo(written - 4);
        assertThat(closed).containsExactly("a", "c");
        parts.stream().filter(ByteBuf.class::isInstance).forEach(ReferenceCountUtil::release);
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void failedReadLeavesNothingOpen(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("short"), new byte[3]);
        try (FileChannel channel = FileChannel.open(file)) {
            FetchResponseData body = response(memory("a", LARGE),
                    new LogSlice.FileSlice(channel, 0, 100, () -> closed.add("cut")),
                    memory("b", 10));

            assertThatThrownBy(() -> new ResponseWriter(header, body).encode(allocator))
                    .isInstanceOf(UncheckedIOException.class);
        }

        assertThat(closed).containsExactlyInAnyOrder("a", "cut", "b");
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void discardedResponseClosesItsSlices() {
        ResponseWriter.discard(response(memory("a", LARGE), memory("b", 1)));

        assertThat(closed).containsExactly("a", "b");
    }

    private LogSlice memory(String name, int size) {
        return new LogSlice.BufferSlice(ByteBuffer.allocate(size), () -> closed.add(name));
    }

    private static FetchResponseData response(LogSlice... slices) {
        FetchableTopicResponse topic = new FetchableTopicResponse().setTopic("t")
                .setPartitions(new ArrayList<>());
        for (LogSlice slice : slices) {
            topic.partitions().add(new PartitionData().setRecords(new SliceRecords(slice)));
        }
        return new FetchResponseData().setResponses(List.of(topic));
    }
}
