package io.taffrail.log.compact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.RecordView;
import io.taffrail.log.batch.RecordWalker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Compaction of random logs of transactional, idempotent and other producers, batch for batch as by
 * Kafka 4.3.1. {@code like-kafka.txt} was made once by Kafka's own cleaner
 * ({@code storage.internals.log.Cleaner}): the batches it left of the same appends, after rounds
 * with the same ranges and times.
 */
class CompactionLikeKafkaTest {

    static final int RUNS = 12;
    private static final int STEPS = 60;

    /** Repeats each step on another log, or records the result. */
    interface Steps {
        void appended(CompactedLog log);

        void rolled();

        void compacted(CompactedLog log, CleanableRange range);
    }

    /** Writes and compacts a log; {@code run} is the seed. */
    static void run(int run, Steps steps) {
        Random random = new Random(run);
        CompactedLog log = new CompactedLog();
        RandomWriter writer = new RandomWriter(log, random);
        for (int step = 0; step < STEPS; step++) {
            writer.write();
            steps.appended(log);
            if (random.nextInt(6) != 0) {
                continue;
            }
            log.advance(Duration.ofMinutes(random.nextInt(90)));
            if (random.nextBoolean()) {
                log.roll();
                steps.rolled();
            }
            CleanableRange range = log.range();
            if (range.end() > range.firstDirty()) {
                log.compact();
                steps.compacted(log, range);
            }
        }
    }

    /** Everything that readers and producers can notice of a batch. */
    static String describe(ByteBuffer batch) {
        StringBuilder text = new StringBuilder();
        text.append(BatchHeader.baseOffset(batch, 0)).append("..")
                .append(BatchHeader.lastOffset(batch, 0)).append(" producer ")
                .append(BatchHeader.producerId(batch, 0)).append('/')
                .append(BatchHeader.producerEpoch(batch, 0))
                .append(BatchHeader.isTransactional(batch, 0) ? " transactional" : "")
                .append(BatchHeader.isControl(batch, 0) ? " marker" : "")
                .append(BatchHeader.hasDeleteHorizon(batch, 0)
                        ? " horizon " + BatchHeader.baseTimestamp(batch, 0)
                        : "")
                .append(" newest ").append(BatchHeader.maxTimestamp(batch, 0)).append(':');
        try (RecordWalker records = new RecordWalker(batch, 0)) {
            while (records.hasNext()) {
                RecordView record = records.next();
                text.append(' ').append(record.offset()).append('@').append(record.timestampMs())
                        .append(record.value() == null ? "-" : "");
            }
        }
        return text.toString();
    }

    private static List<String> expected() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                CompactionLikeKafkaTest.class.getResourceAsStream("like-kafka.txt"))) {
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        }
    }

    @Test
    void leavesTheBatchesThatKafkaLeaves() throws IOException {
        List<String> found = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            int seed = run;
            run(run, new Steps() {

                @Override
                public void appended(CompactedLog log) {}

                @Override
                public void rolled() {}

                @Override
                public void compacted(CompactedLog log, CleanableRange range) {
                    found.add("run " + seed + ": " + range.firstDirty() + " to " + range.end());
                    log.batches().forEach(batch -> found.add(describe(batch)));
                }
            });
        }

        assertThat(found).anyMatch(it -> it.contains(" marker horizon "))
                .anyMatch(it -> it.endsWith(":"));
        assertThat(found).isEqualTo(expected());
    }
}
