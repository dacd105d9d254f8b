package io.taffrail.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.AppendResult;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A window of committed messages shows those, in their order, and no others. */
class CommittedWindowTest {

    private final MemoryLogEngine engine = new MemoryLogEngine(InstantSource.system());
    private final OwnerThread owner = new OwnerThread();
    private final WritableLog log = OwnerThread.await(engine.openForWrite(new LogId("t"),
            engine.metaStore().acquire("t").join(), LogOptions.defaults(), owner));

    @AfterEach
    void close() {
        owner.close();
        engine.close();
    }

    private long append(ByteBuffer batch) {
        AppendResult result = owner.call(() -> log.append(batch));
        AppendResult.Stored stored = (AppendResult.Stored) result;
        stored.durable().join();
        return stored.baseOffset();
    }

    private List<Long> seen(long from) {
        ReadWindow window = ReadWindow.ofCommitted(log, new LostRanges(log.id()));
        List<Long> offsets = new ArrayList<>();
        for (long at = from; window.seek(at); at = window.message().offset() + 1) {
            offsets.add(window.message().offset());
        }
        window.release();
        return offsets;
    }

    private static byte[] text(long number) {
        return Long.toString(number).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void onlyCommittedMessagesBelowTheLastStableOffsetAreSeen() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<Long, Boolean> committed = new TreeMap<>();
        Map<Long, List<Long>> open = new TreeMap<>();
        int[] sequences = new int[5];
        for (int step = 0; step < 2000; step++) {
            long producer = random.nextInt(5);
            List<Long> mine = open.get(producer);
            if (producer == 0) {
                committed.put(append(new BatchBuilder().add(1, null, text(step)).build()), true);
            } else if (mine != null && random.nextInt(4) == 0) {
                boolean commit = random.nextBoolean();
                append(BatchBuilder.endMarker(producer, (short) 0, commit, 0, 1));
                mine.forEach(offset -> committed.put(offset, commit));
                open.remove(producer);
            } else {
                open.computeIfAbsent(producer, _ -> new ArrayList<>()).add(append(
                        new BatchBuilder().producer(producer, (short) 0,
                                sequences[(int) producer]++).transactional()
                                .add(1, null, text(step)).build()));
            }
            if (step % 100 == 0) {
                check(committed, random, seed);
            }
        }
        open.keySet().forEach(
                producer -> append(BatchBuilder.endMarker(producer, (short) 0, false, 0, 1)));
        check(committed, random, seed);
        assertThat(log.lastStableOffset()).isEqualTo(log.durableEnd());
    }

    private void check(Map<Long, Boolean> committed, Random random, long seed) {
        long from = random.nextLong(log.durableEnd() + 1);
        List<Long> expected = new ArrayList<>();
        committed.forEach((offset, kept) -> {
            if (kept && offset >= from && offset < log.lastStableOffset()) {
                expected.add(offset);
            }
        });
        assertThat(seen(from)).as("from %d, seed %d", from, seed).isEqualTo(expected);
    }

    @Test
    void messagesBehindALongAbortedTransactionAreSeen() {
        long first = append(new BatchBuilder().add(1, null, text(1)).build());
        for (int batch = 0; batch < 40; batch++) {
            BatchBuilder builder = new BatchBuilder().producer(1, (short) 0, batch * 1000)
                    .transactional();
            for (int record = 0; record < 1000; record++) {
                builder.add(1, null, text(record));
            }
            append(builder.build());
        }
        append(BatchBuilder.endMarker(1, (short) 0, false, 0, 1));
        long last = append(new BatchBuilder().add(1, null, text(2)).build());

        assertThat(seen(0)).containsExactly(first, last);
    }

    @Test
    void everyMessageOfALargeBatchIsSeen() {
        BatchBuilder large = new BatchBuilder();
        for (int record = 0; record < 40_000; record++) {
            large.add(1, null, text(record));
        }
        append(large.build());

        assertThat(seen(3)).hasSize(40_000 - 3);
    }
}
