package io.taffrail.broker.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.schedule.Steps;
import io.taffrail.log.AppendResult;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OutboxReaderTest {

    private static final int ENTRIES = 3000;

    @Test
    void scanIsMadeInSteps() {
        Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
        try (OwnerThread owner = new OwnerThread();
                MemoryLogEngine engine = new MemoryLogEngine(clock)) {
            WritableLog log = OwnerThread.await(engine.openForWrite(new LogId("@outbox-0"),
                    engine.metaStore().acquire("test").join(), LogOptions.defaults(), owner));
            List<CompletableFuture<Void>> durable = new ArrayList<>();
            owner.run(() -> {
                for (int number = 0; number < ENTRIES; number++) {
                    ByteBuffer batch = new BatchBuilder()
                            .add(0, null, ByteBuffer.allocate(1), List.of()).build();
                    ByteBuffer entry = new OutboxEntry(new LogId("to-" + number % 2), batch)
                            .encode(0);
                    if (log.append(entry) instanceof AppendResult.Stored stored) {
                        durable.add(stored.durable());
                    }
                }
            });
            assertThat(durable).hasSize(ENTRIES).allMatch(it -> OwnerThread.await(it) == null);
            List<Long> found = new ArrayList<>();
            Steps.Work scan = new OutboxReader(log).scan((offset, to) -> {
                assertThat(to.value()).isEqualTo("to-" + offset % 2);
                found.add(offset);
            });
            Budget budget = new Budget(clock);

            int steps = 1;
            while (!scan.goOn(budget.begin())) {
                assertThat(found).hasSizeLessThanOrEqualTo(steps * (Budget.MAX_COUNT + 1));
                steps++;
            }

            assertThat(steps).as("found %d", found.size()).isEqualTo(3);
            assertThat(found)
                    .containsExactlyElementsOf(LongStream.range(0, ENTRIES).boxed().toList());
        }
    }
}
