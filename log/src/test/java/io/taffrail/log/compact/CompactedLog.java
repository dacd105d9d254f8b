package io.taffrail.log.compact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.CompactionOptions;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.Codec;
import io.taffrail.log.batch.RecordView;
import io.taffrail.log.batch.RecordWalker;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.spi.AbortedTransaction;
import io.taffrail.log.state.AbortedSearch;
import io.taffrail.log.state.AbortedTransactions;
import io.taffrail.log.state.LogState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A log of segments in memory, compacted as an engine would compact it. The last segment is active.
 */
final class CompactedLog {

    static final Duration DELETE_RETENTION = Duration.ofHours(1);
    static final CompactionOptions OPTIONS = new CompactionOptions(true, 0, Duration.ZERO,
            Duration.ofDays(1000), DELETE_RETENTION);

    /** A record in a form that tests can compare. */
    record Entry(long offset, long timestampMs, String key, @Nullable String value) {}

    private static final class Segment {
        private final long baseOffset;
        private final List<ByteBuffer> batches = new ArrayList<>();

        Segment(long baseOffset) {
            this.baseOffset = baseOffset;
        }
    }

    private List<Segment> segments = new ArrayList<>(List.of(new Segment(0)));
    private LogState state = new LogState();
    private final AbortedTransactions aborted = new AbortedTransactions();
    private List<AbortedTransaction> gone = List.of();
    private CompactionOptions options = OPTIONS;
    private Codec codec = Codec.NONE;
    private ByteSize mapSize = ByteSize.mebibytes(1);
    private long end;
    private long cleanedUpTo;
    long nowMs = 1_000_000;

    CompactedLog with(Codec value) {
        codec = value;
        return this;
    }

    CompactedLog with(CompactionOptions value) {
        options = value;
        return this;
    }

    CompactedLog withMapOf(int keys) {
        mapSize = new ByteSize((long) (24 * (keys / 0.9 + 1)));
        return this;
    }

    /** Appends one batch of {@code key, value} pairs. */
    CompactedLog put(@Nullable String... keysAndValues) {
        return append(records(new BatchBuilder().codec(codec), keysAndValues).build());
    }

    CompactedLog putOf(long producerId, int sequence, @Nullable String... keysAndValues) {
        return append(records(new BatchBuilder().codec(codec).producer(producerId, (short) 0,
                sequence), keysAndValues).build());
    }

    CompactedLog inTransaction(long producerId, int sequence, @Nullable String... keysAndValues) {
        return append(records(new BatchBuilder().codec(codec).transactional()
                .producer(producerId, (short) 0, sequence), keysAndValues).build());
    }

    CompactedLog commit(long producerId) {
        return append(BatchBuilder.endMarker(producerId, (short) 0, true, 0, nowMs));
    }

    CompactedLog abort(long producerId) {
        return append(BatchBuilder.endMarker(producerId, (short) 0, false, 0, nowMs));
    }

    private BatchBuilder records(BatchBuilder builder, @Nullable String... keysAndValues) {
        for (int index = 0; index < keysAndValues.length; index += 2) {
            builder.add(nowMs++, bytes(keysAndValues[index]), bytes(keysAndValues[index + 1]));
        }
        return builder;
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(UTF_8);
    }

    private CompactedLog append(ByteBuffer batch) {
        BatchHeader.stamp(batch, 0, end, 0);
        segments.getLast().batches.add(batch);
        state.apply(batch, 0).ifPresent(aborted::add);
        end = BatchHeader.lastOffset(batch, 0) + 1;
        return this;
    }

    CompactedLog roll() {
        segments.add(new Segment(end));
        return this;
    }

    CompactedLog advance(Duration by) {
        nowMs += by.toMillis();
        return this;
    }

    CleanableRange range() {
        return CleanableRange.of(facts(), cleanedUpTo, state.lastStableOffset(end), options, nowMs);
    }

    /** Runs one round, whether or not it is due. */
    Cleaner.Summary compact() {
        CleanableRange range = range();
        List<AbortedTransaction> known = aborted(range.end());
        OffsetMap map = map(range.end() - range.firstDirty());
        long upTo = KeyIndexer.index(batches(range.firstDirty(), range.end()).iterator(),
                range.firstDirty(), range.end(), known, map);
        Cleaner cleaner = new Cleaner(new Cleaner.Round(map, upTo, nowMs,
                options.deleteRetention(), ActiveProducers.of(state), known));
        List<Segment> after = new ArrayList<>();
        List<Segment> before = segments.stream().filter(it -> it.baseOffset < upTo).toList();
        if (!before.isEmpty()) {
            Segment cleaned = new Segment(before.getFirst().baseOffset);
            List<ByteBuffer> batches = before.stream().flatMap(it -> it.batches.stream()).toList();
            try {
                cleaner.clean(batches.iterator(), batch -> cleaned.batches.add(copy(batch)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            after.add(cleaned);
        }
        segments.stream().filter(it -> it.baseOffset >= upTo).forEach(after::add);
        segments = after;
        cleanedUpTo = upTo;
        gone = cleaner.gone();
        aborted.forget(gone);
        return cleaner.summary();
    }

    private OffsetMap map(long keys) {
        OffsetMap map = new OffsetMap(mapSize);
        try {
            map.reserve(keys);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return map;
    }

    /** Aborted transactions that the last round forgot. */
    List<AbortedTransaction> gone() {
        return gone;
    }

    /** Aborted transactions that overlap the offsets below {@code upTo}. */
    List<AbortedTransaction> aborted(long upTo) {
        AbortedSearch search = new AbortedSearch(0, upTo, Integer.MAX_VALUE);
        var _ = aborted.search(search);
        return search.found();
    }

    /** Makes transactions known again that compaction forgot. */
    CompactedLog withAborted(List<AbortedTransaction> known) {
        aborted.clear();
        known.forEach(aborted::add);
        return this;
    }

    /** Rolls and compacts, so that all current records are cleaned. */
    Cleaner.Summary compactAll() {
        roll();
        return compact();
    }

    private static ByteBuffer copy(ByteBuffer batch) {
        return ByteBuffer.allocate(batch.remaining()).put(batch.duplicate()).flip();
    }

    private List<SegmentFacts> facts() {
        List<SegmentFacts> facts = new ArrayList<>();
        for (int index = 0; index < segments.size(); index++) {
            Segment segment = segments.get(index);
            long next = index + 1 < segments.size() ? segments.get(index + 1).baseOffset : end;
            facts.add(new SegmentFacts(segment.baseOffset, next,
                    segment.batches.stream().mapToLong(ByteBuffer::limit).sum(),
                    segment.batches.isEmpty()
                            ? -1
                            : BatchHeader.maxTimestamp(segment.batches.getFirst(), 0),
                    segment.batches.stream().mapToLong(it -> BatchHeader.maxTimestamp(it, 0)).max()
                            .orElse(0)));
        }
        return facts;
    }

    long end() {
        return end;
    }

    long cleanedUpTo() {
        return cleanedUpTo;
    }

    LogState state() {
        return state;
    }

    List<ByteBuffer> batches() {
        return batches(0, end);
    }

    private List<ByteBuffer> batches(long from, long upTo) {
        return segments.stream().flatMap(it -> it.batches.stream())
                .filter(it -> BatchHeader.lastOffset(it, 0) >= from
                        && BatchHeader.baseOffset(it, 0) < upTo)
                .toList();
    }

    /** Returns every record except end markers, including those of aborted transactions. */
    List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (ByteBuffer batch : batches()) {
            assertThat(BatchHeader.isWhole(batch, 0, batch.limit())).isTrue();
            if (!BatchHeader.isControl(batch, 0)) {
                entries.addAll(entries(batch));
            }
        }
        return entries;
    }

    private static List<Entry> entries(ByteBuffer batch) {
        List<Entry> entries = new ArrayList<>();
        try (RecordWalker records = new RecordWalker(batch, 0)) {
            while (records.hasNext()) {
                RecordView record = records.next();
                entries.add(new Entry(record.offset(), record.timestampMs(),
                        String.valueOf(text(record.key())), text(record.value())));
            }
        }
        return entries;
    }

    private static @Nullable String text(@Nullable ByteBuffer bytes) {
        return bytes == null ? null : UTF_8.decode(bytes).toString();
    }

    /** Returns the latest value of each key, as a reader of committed records sees it. */
    Map<String, String> fold() {
        Map<String, String> folded = new TreeMap<>();
        for (ByteBuffer batch : batches()) {
            if (BatchHeader.isControl(batch, 0) || isAborted(batch)) {
                continue;
            }
            for (Entry entry : entries(batch)) {
                if (entry.value() == null) {
                    folded.remove(entry.key());
                } else {
                    folded.put(entry.key(), entry.value());
                }
            }
        }
        return folded;
    }

    private boolean isAborted(ByteBuffer batch) {
        return BatchHeader.isTransactional(batch, 0) && aborted(end).stream()
                .anyMatch(it -> it.producerId() == BatchHeader.producerId(batch, 0)
                        && it.firstOffset() <= BatchHeader.baseOffset(batch, 0)
                        && BatchHeader.lastOffset(batch, 0) < it.lastOffset());
    }

    List<Long> offsets() {
        return entries().stream().map(Entry::offset).toList();
    }

    List<Long> markers() {
        return batches().stream()
                .filter(it -> BatchHeader.isControl(it, 0) && BatchHeader.recordCount(it, 0) > 0)
                .map(it -> BatchHeader.baseOffset(it, 0)).toList();
    }

    /** Returns the state that a restart would rebuild from the batches alone. */
    LogState rebuilt() {
        LogState rebuilt = new LogState();
        batches().forEach(batch -> {
            var _ = rebuilt.apply(batch, 0);
        });
        return rebuilt;
    }

    @Override
    public String toString() {
        return Arrays.toString(entries().toArray());
    }
}
