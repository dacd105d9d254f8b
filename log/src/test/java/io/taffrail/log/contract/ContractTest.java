package io.taffrail.log.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.AppendResult;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.Refusal;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Base class of the contract's tests: an engine and an owner for each test, and helper methods.
 * After each test, every log that is still open is read from start to end and checked.
 */
abstract class ContractTest {

    static final LogOptions OPTIONS = LogOptions.defaults();

    /** Options with segments that hold only a few small batches. */
    static final LogOptions SMALL_SEGMENTS = OPTIONS.withSegmentBytes(new ByteSize(1024));

    final ManualClock clock = new ManualClock();
    final OwnerThread owner = new OwnerThread();
    private final Map<LogId, WritableLog> open = new LinkedHashMap<>();
    LogEngine engine;

    abstract LogEngineContract engines();

    @BeforeEach
    void openEngine() {
        engine = engines().open(clock);
    }

    @AfterEach
    void checkLogsAndClose() {
        open.values().forEach(LogReader::check);
        engine.close();
        owner.close();
    }

    /** Closes the engine and opens a new one on its storage; logs must be opened again. */
    void reopen() {
        open.clear();
        engine.close();
        engine = engines().reopen(engine, clock);
    }

    /** Kills the engine, as far as possible, and opens a new one on its storage. */
    void kill() {
        open.clear();
        engine = engines().kill(engine, clock);
    }

    WritableLog log(String id) {
        return log(id, OPTIONS);
    }

    /** Opens a log with a new lease. */
    WritableLog log(String id, LogOptions options) {
        return log(id, options, OwnerThread.await(engine.metaStore().acquire("lease/" + id)));
    }

    WritableLog log(String id, LogOptions options, Lease lease) {
        WritableLog log = OwnerThread
                .await(engine.openForWrite(new LogId(id), lease, options, owner));
        open.put(log.id(), log);
        return log;
    }

    /** Excludes this log from the check after the test. */
    void forget(WritableLog log) {
        open.remove(log.id());
    }

    AppendResult tryAppend(WritableLog log, ByteBuffer batch) {
        return owner.call(() -> log.append(batch));
    }

    /** Appends a batch that must be accepted, without waiting for its durability. */
    AppendResult.Stored begin(WritableLog log, ByteBuffer batch) {
        AppendResult result = tryAppend(log, batch);
        assertThat(result).isInstanceOf(AppendResult.Stored.class);
        return (AppendResult.Stored) result;
    }

    /** Appends a batch and waits until it is durable. */
    AppendResult.Stored append(WritableLog log, ByteBuffer batch) {
        AppendResult.Stored stored = begin(log, batch);
        OwnerThread.await(stored.durable());
        return stored;
    }

    /**
     * Appends {@code batches} batches of {@code records} records, stamped with the clock's time.
     */
    void fill(WritableLog log, int batches, int records) {
        List<AppendResult.Stored> results = new ArrayList<>();
        for (int index = 0; index < batches; index++) {
            results.add(begin(log, batch(records)));
        }
        results.forEach(each -> OwnerThread.await(each.durable()));
    }

    void assertRefused(WritableLog log, ByteBuffer batch, Refusal reason) {
        long before = log.nextOffset();
        AppendResult result = tryAppend(log, batch);
        assertThat(result).isInstanceOfSatisfying(AppendResult.Refused.class,
                refused -> assertThat(refused.reason()).as(refused.detail()).isEqualTo(reason));
        assertThat(log.nextOffset()).isEqualTo(before);
    }

    AppendResult.Duplicate appendDuplicate(WritableLog log, ByteBuffer batch) {
        long before = log.nextOffset();
        AppendResult result = tryAppend(log, batch);
        assertThat(result).isInstanceOf(AppendResult.Duplicate.class);
        assertThat(log.nextOffset()).isEqualTo(before);
        AppendResult.Duplicate duplicate = (AppendResult.Duplicate) result;
        OwnerThread.await(duplicate.durable());
        return duplicate;
    }

    /**
     * Returns a batch of {@code records} records of about 100 bytes, stamped with the clock's time.
     */
    ByteBuffer batch(int records) {
        return batchAt(clock.millis(), records);
    }

    static ByteBuffer batchAt(long timestampMs, int records) {
        return records(new BatchBuilder(), timestampMs, records).build();
    }

    /** Returns a batch with one record for each timestamp. */
    static ByteBuffer batchOf(long... timestampsMs) {
        BatchBuilder builder = new BatchBuilder();
        for (long timestampMs : timestampsMs) {
            records(builder, timestampMs, 1);
        }
        return builder.build();
    }

    /** Returns a batch of an idempotent producer. */
    ByteBuffer idempotent(long producerId, int epoch, int sequence, int records) {
        return records(new BatchBuilder().producer(producerId, (short) epoch, sequence),
                clock.millis(), records).build();
    }

    ByteBuffer transactional(long producerId, int epoch, int sequence, int records) {
        return records(
                new BatchBuilder().transactional().producer(producerId, (short) epoch, sequence),
                clock.millis(), records).build();
    }

    ByteBuffer endMarker(long producerId, int epoch, boolean commit) {
        return endMarker(producerId, epoch, 0, commit);
    }

    ByteBuffer endMarker(long producerId, int epoch, int coordinatorEpoch, boolean commit) {
        return BatchBuilder.endMarker(producerId, (short) epoch, commit, coordinatorEpoch,
                clock.millis());
    }

    private static BatchBuilder records(BatchBuilder builder, long timestampMs, int records) {
        for (int index = 0; index < records; index++) {
            builder.add(timestampMs, ("key-" + builder.count()).getBytes(UTF_8),
                    ("value-" + "x".repeat(80)).getBytes(UTF_8));
        }
        return builder;
    }
}
