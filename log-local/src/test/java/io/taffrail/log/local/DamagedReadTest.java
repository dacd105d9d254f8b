package io.taffrail.log.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.AppendResult;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.contract.LogReader;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.WritableLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damage in a segment loses only the batches at that position. */
@Timeout(60)
final class DamagedReadTest {

    private static final int BATCHES = 60;
    private static final int VALUE_BYTES = 500;

    @TempDir
    private Path dir;
    private final OwnerThread owner = new OwnerThread();
    private LocalLogEngine engine;
    private WritableLog log;
    private int batchBytes;

    @BeforeEach
    void fill() {
        engine = LocalLogEngine.open(dir, RecoveryTest.SMALL, InstantSource.system());
        log = engine.openForWrite(new LogId("orders@x-0"), new Lease("node", 1),
                LogOptions.defaults().withSegmentBytes(new ByteSize(24_000)), owner).join();
        for (int i = 0; i < BATCHES; i++) {
            append("v".repeat(VALUE_BYTES).getBytes(UTF_8));
        }
    }

    @AfterEach
    void stop() {
        engine.abandon();
        owner.close();
    }

    private void append(byte[] value) {
        ByteBuffer batch = new BatchBuilder().add(1000, null, value).build();
        batchBytes = batch.remaining();
        ((AppendResult.Stored) owner.call(() -> log.append(batch))).durable().join();
    }

    private void damage(int position, int length) throws IOException {
        try (var files = Files.list(dir.resolve("logs/orders@x-0"));
                FileChannel file = FileChannel.open(
                        files.filter(it -> it.toString().endsWith(".log")).sorted().findFirst()
                                .orElseThrow(),
                        StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(length), position);
        }
    }

    /** Reads as a queue does: verifies batches and skips damaged ranges. */
    private List<Long> readOverDamage(List<ReadResult.Damaged> met) {
        List<Long> offsets = new ArrayList<>();
        long offset = 0;
        while (offset < log.durableEnd()) {
            switch (log.readVerified(offset)) {
                case ReadResult.Batches(var slice) -> {
                    ByteBuffer batch = LogReader.take(slice);
                    assertThat(BatchHeader.isWhole(batch, 0, batch.limit())).isTrue();
                    offset = BatchHeader.lastOffset(batch, 0) + 1;
                    offsets.add(offset - 1);
                }
                case ReadResult.Damaged damaged -> {
                    assertThat(damaged.offset()).isEqualTo(offset);
                    assertThat(damaged.nextOffset()).isGreaterThan(offset);
                    met.add(damaged);
                    offset = damaged.nextOffset();
                }
                case ReadResult.OutOfRange _,ReadResult.Unreadable _ ->
                    throw new AssertionError("not damage");
            }
        }
        return offsets;
    }

    private static List<Long> allBut(long... missing) {
        return LongStream.range(0, BATCHES)
                .filter(it -> LongStream.of(missing).noneMatch(gone -> gone == it)).boxed()
                .toList();
    }

    @Test
    void aDamagedHeaderCostsItsBatchAlone() throws IOException {
        damage(7 * batchBytes, 40);

        List<ReadResult.Damaged> met = new ArrayList<>();
        assertThat(readOverDamage(met)).isEqualTo(allBut(7));
        assertThat(met).singleElement().satisfies(it -> {
            assertThat(it.nextOffset()).isEqualTo(8);
            assertThat(it.detail()).contains(".log is damaged at " + 7 * batchBytes);
        });
    }

    @Test
    void aPlainReadSaysWhatIsLostAndGoesOnBehindIt() throws IOException {
        damage(7 * batchBytes, 40);

        assertThat(log.read(7, Long.MAX_VALUE, 1 << 20, true))
                .isInstanceOfSatisfying(ReadResult.Damaged.class,
                        it -> assertThat(it.nextOffset()).isEqualTo(8));
        assertThat(BatchHeader.baseOffset(LogReader.read(log, 8, Long.MAX_VALUE, 1, true), 0))
                .isEqualTo(8);
        assertThat(BatchHeader.baseOffset(LogReader.read(log, 6, Long.MAX_VALUE, 1, true), 0))
                .isEqualTo(6);
    }

    @Test
    void aSectorAcrossTwoBatchesCostsBoth() throws IOException {
        damage(8 * batchBytes - 100, 512);

        List<ReadResult.Damaged> met = new ArrayList<>();
        assertThat(readOverDamage(met)).isEqualTo(allBut(7, 8));
    }

    @Test
    void aDamagedRecordIsFoundByItsChecksum() throws IOException {
        ByteBuffer filler = ByteBuffer.allocate(64);
        while (filler.hasRemaining()) {
            filler.put((byte) 'x');
        }
        try (FileChannel file = FileChannel.open(
                dir.resolve("logs/orders@x-0/00000000000000000000.log"),
                StandardOpenOption.WRITE)) {
            file.write(filler.flip(), 7L * batchBytes + BatchHeader.SIZE_BYTES + 100);
        }

        List<ReadResult.Damaged> met = new ArrayList<>();
        assertThat(readOverDamage(met)).isEqualTo(allBut(7));
    }

    @Test
    void theEndOfASegmentIsLostUpToTheNext() throws IOException {
        long second = BatchHeader.baseOffset(segmentStart(), 0);
        damage((int) (second - 1) * batchBytes, batchBytes);

        List<ReadResult.Damaged> met = new ArrayList<>();
        assertThat(readOverDamage(met)).isEqualTo(allBut(second - 1));
    }

    private ByteBuffer segmentStart() throws IOException {
        try (var files = Files.list(dir.resolve("logs/orders@x-0"))) {
            Path next = files.filter(it -> it.toString().endsWith(".log")).sorted().skip(1)
                    .findFirst().orElseThrow();
            return ByteBuffer.wrap(Files.readAllBytes(next));
        }
    }

    @Test
    void appendsAfterTheDamageCanBeRead() throws IOException {
        damage(0, 40);
        append("after".getBytes(UTF_8));

        assertThat(readOverDamage(new ArrayList<>())).hasSize(BATCHES).contains((long) BATCHES)
                .doesNotContain(0L);
    }

    @Test
    void aBatchInsideARecordIsNotTakenForOne() throws IOException {
        owner.run(() -> log.roll());
        ByteBuffer inner = new BatchBuilder().add(1, null, "forged".getBytes(UTF_8)).build();
        BatchHeader.stamp(inner, 0, BATCHES, 1);
        byte[] value = new byte[inner.remaining()];
        inner.get(value);
        append(value);
        append("next".getBytes(UTF_8));
        Path active = dir.resolve("logs/orders@x-0/%020d.log".formatted(BATCHES));
        try (FileChannel file = FileChannel.open(active, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(40), 0);
        }

        assertThat(log.readVerified(BATCHES)).isInstanceOfSatisfying(ReadResult.Damaged.class,
                it -> assertThat(it.nextOffset()).isEqualTo(BATCHES + 1));
    }
}
