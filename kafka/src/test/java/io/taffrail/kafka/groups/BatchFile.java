package io.taffrail.kafka.groups;

import io.taffrail.log.LogId;
import io.taffrail.log.spi.AbortedTransaction;
import io.taffrail.log.spi.LogSlice;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.ReadableLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;

/**
 * A log in one file. Reads return slices of the file that may end within a batch, as those of an
 * engine on disk.
 */
final class BatchFile implements ReadableLog, AutoCloseable {

    private record Entry(long baseOffset, long lastOffset, long position) {}

    private final GroupCoordinatorRecordSerde serde = new GroupCoordinatorRecordSerde();
    private final FileChannel channel;
    private final List<Entry> batches = new ArrayList<>();
    private long startOffset;
    private int open;

    BatchFile(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    void append(long baseOffset, CoordinatorRecord... records) throws IOException {
        SimpleRecord[] simple = new SimpleRecord[records.length];
        for (int i = 0; i < records.length; i++) {
            simple[i] = new SimpleRecord(0, serde.serializeKey(records[i]),
                    serde.serializeValue(records[i]));
        }
        ByteBuffer bytes = MemoryRecords.withRecords(baseOffset, Compression.NONE, simple)
                .buffer();
        batches.add(new Entry(baseOffset, baseOffset + records.length - 1, channel.size()));
        while (bytes.hasRemaining()) {
            channel.write(bytes, channel.size());
        }
    }

    void damageLastByte() throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        channel.read(last, channel.size() - 1);
        channel.write(ByteBuffer.wrap(new byte[]{(byte) ~last.get(0)}), channel.size() - 1);
    }

    void startAt(long offset) {
        startOffset = offset;
    }

    int openSlices() {
        return open;
    }

    @Override
    public ReadResult read(long offset, long upTo, int maxBytes, boolean oneAtLeast) {
        if (offset < startOffset) {
            return new ReadResult.OutOfRange(startOffset, durableEnd());
        }
        try {
            for (int i = 0; i < batches.size(); i++) {
                Entry batch = batches.get(i);
                if (batch.lastOffset() >= offset) {
                    long whole = (i + 1 < batches.size()
                            ? batches.get(i + 1).position()
                            : channel.size()) - batch.position();
                    long size = Math.min(channel.size() - batch.position(),
                            Math.max(whole, maxBytes));
                    open++;
                    return new ReadResult.Batches(new LogSlice.FileSlice(channel,
                            batch.position(), (int) size, () -> open--));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open++;
        return new ReadResult.Batches(
                new LogSlice.BufferSlice(ByteBuffer.allocate(0), () -> open--));
    }

    @Override
    public LogId id() {
        return new LogId("file");
    }

    @Override
    public long startOffset() {
        return 0;
    }

    @Override
    public long durableEnd() {
        return batches.getLast().lastOffset() + 1;
    }

    @Override
    public long lastStableOffset() {
        return durableEnd();
    }

    @Override
    public int leaderEpoch() {
        return 0;
    }

    @Override
    public long sizeBytes() {
        return 0;
    }

    @Override
    public int segmentCount() {
        return 1;
    }

    @Override
    public Optional<TimedOffset> offsetForTime(long timestampMs) {
        return Optional.empty();
    }

    @Override
    public Optional<TimedOffset> offsetOfMaxTimestamp() {
        return Optional.empty();
    }

    @Override
    public Optional<EpochEnd> endOffsetForEpoch(int epoch) {
        return Optional.empty();
    }

    @Override
    public List<AbortedTransaction> abortedTransactions(long from, long upTo, int most) {
        return List.of();
    }

    @Override
    public List<ProducerSnapshot> producers() {
        return List.of();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
