package io.taffrail.log.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.AppendResult;
import io.taffrail.log.LogOptions;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.batch.Codec;
import io.taffrail.log.batch.RecordView;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.spi.LogEngine.CommitResult;
import io.taffrail.log.spi.LogEngine.LogAppend;
import io.taffrail.log.spi.ReadableLog.TimedOffset;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Runs random operations on three logs and compares each log with a model of its content.
 * A failure names its seed; {@code -Dtaffrail.seed=} repeats the run with that seed.
 */
abstract class RandomOperationsContract extends ContractTest {

    private static final int OPERATIONS = 600;
    private static final long PRODUCER = 77;

    private record Entry(long offset, long timestampMs, String value) {}

    /** The expected content of one log: every stored record, by offset. */
    private final class Model {
        private final String id;
        private final List<Entry> all = new ArrayList<>();
        private LogOptions options;
        private int sequence;
        private WritableLog log;

        Model(String id, int segmentBytes) {
            this.id = id;
            this.options = OPTIONS.withSegmentBytes(new ByteSize(segmentBytes));
            this.log = log(id, options);
        }

        void open() {
            long start = log.startOffset();
            log = log(id, options);
            assertThat(log.startOffset()).isEqualTo(start);
            assertThat(log.nextOffset()).isEqualTo(all.size());
        }
    }

    private Random random = new Random();
    private List<Model> models = List.of();
    private int values;

    @Test
    void anyOrderOfOperationsKeepsWhatWasStored() {
        long seed = Long.getLong("taffrail.seed", random.nextLong());
        random = new Random(seed);
        models = List.of(new Model("a", 700), new Model("b", 3_000), new Model("c", 1 << 20));
        String step = "begin";
        try {
            for (int index = 0; index < OPERATIONS; index++) {
                Model model = models.get(random.nextInt(models.size()));
                step = index + " on " + model.id;
                operation(model);
                verify(model);
            }
            models.forEach(this::verifyAll);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ", operation " + step + ": " + e, e);
        }
    }

    private void operation(Model model) {
        switch (random.nextInt(20)) {
            case 0 -> owner.run(model.log::roll);
            case 1 -> trim(model);
            case 2 -> maintain(model);
            case 3 -> clock.advance(Duration.ofMinutes(random.nextInt(24 * 60)));
            case 4 -> reopenAll();
            case 5, 6, 7 -> commit();
            case 8 -> reconfigure(model);
            case 9 -> repeat(model);
            default -> store(model, random.nextBoolean());
        }
    }

    private void store(Model model, boolean idempotent) {
        List<Entry> entries = new ArrayList<>();
        ByteBuffer batch = batch(model, idempotent, entries);
        AppendResult.Stored stored = append(model.log, batch);
        assertThat(stored.baseOffset()).isEqualTo(model.all.size());
        model.all.addAll(entries);
    }

    private ByteBuffer batch(Model model, boolean idempotent, List<Entry> entries) {
        BatchBuilder builder = new BatchBuilder()
                .codec(Codec.of(random.nextInt(Codec.values().length)));
        int count = 1 + random.nextInt(8);
        if (idempotent) {
            builder.producer(PRODUCER, (short) 0, model.sequence);
            model.sequence += count;
        }
        for (int index = 0; index < count; index++) {
            long timestampMs = clock.millis() - random.nextInt(60_000);
            String value = "v" + values++ + "-" + "x".repeat(random.nextInt(120));
            builder.add(timestampMs, null, value.getBytes(UTF_8));
            entries.add(new Entry(model.all.size() + index, timestampMs, value));
        }
        return builder.build();
    }

    private void commit() {
        List<LogAppend> appends = new ArrayList<>();
        List<List<Entry>> stored = new ArrayList<>();
        for (Model model : models) {
            List<Entry> entries = new ArrayList<>();
            appends.add(new LogAppend(model.log, batch(model, random.nextBoolean(), entries)));
            stored.add(entries);
        }
        CommitResult result = owner.call(() -> engine.commit(appends));
        assertThat(result).isInstanceOf(CommitResult.Committed.class);
        OwnerThread.await(((CommitResult.Committed) result).durable());
        for (int index = 0; index < models.size(); index++) {
            models.get(index).all.addAll(stored.get(index));
        }
    }

    /** Sends an idempotent batch twice; it must be stored once. */
    private void repeat(Model model) {
        List<Entry> entries = new ArrayList<>();
        ByteBuffer batch = batch(model, true, entries);
        ByteBuffer again = ByteBuffer.allocate(batch.limit()).put(batch.duplicate()).flip();
        long baseOffset = append(model.log, batch).baseOffset();
        model.all.addAll(entries);
        assertThat(appendDuplicate(model.log, again).baseOffset()).isEqualTo(baseOffset);
    }

    private void trim(Model model) {
        long start = model.log.startOffset();
        long offset = start + random.nextInt((int) (model.log.durableEnd() - start) / 3 + 1);
        owner.run(() -> model.log.trimTo(offset));
        assertThat(model.log.startOffset()).isEqualTo(offset);
    }

    private void maintain(Model model) {
        long before = model.log.startOffset();
        owner.run(() -> model.log.maintain(clock.millis()));
        assertThat(model.log.startOffset()).isBetween(before, model.log.durableEnd());
        if (model.log.producers().isEmpty()) {
            model.sequence = random.nextInt(1_000);
        }
    }

    private void reconfigure(Model model) {
        model.options = model.options.withSegmentBytes(new ByteSize(500 + random.nextInt(5_000)));
        owner.run(() -> model.log.reconfigure(model.options));
    }

    private void reopenAll() {
        if (random.nextBoolean()) {
            reopen();
        } else {
            kill();
        }
        models.forEach(Model::open);
    }

    private void verify(Model model) {
        WritableLog log = model.log;
        assertThat(log.durableEnd()).isEqualTo(model.all.size());
        long start = log.startOffset();
        long offset = start + random.nextInt((int) (log.durableEnd() - start) + 1);
        List<ByteBuffer> some = LogReader
                .batches(LogReader.read(log, offset, Long.MAX_VALUE, 2_000, true));
        assertThat(some.isEmpty()).isEqualTo(offset == log.durableEnd());
        long timestampMs = clock.millis() - random.nextInt(120_000);
        Optional<Entry> expected = model.all.stream()
                .filter(it -> it.offset() >= start && it.timestampMs() >= timestampMs).findFirst();
        assertThat(log.offsetForTime(timestampMs).map(TimedOffset::offset))
                .isEqualTo(expected.map(Entry::offset));
    }

    private void verifyAll(Model model) {
        int start = (int) model.log.startOffset();
        List<Entry> read = LogReader.records(model.log, start).stream()
                .map(RandomOperationsContract::entry).toList();
        assertThat(read).isEqualTo(model.all.subList(start, model.all.size()));
    }

    private static Entry entry(RecordView record) {
        ByteBuffer value = Objects.requireNonNull(record.value());
        return new Entry(record.offset(), record.timestampMs(), UTF_8.decode(value).toString());
    }
}
