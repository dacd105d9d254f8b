package io.taffrail.simulation.machine;

import io.taffrail.log.CleanerSettings;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.spi.CleanerReport;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.LogTrouble;
import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.WritableLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * An engine with small segments, so that a few messages fill a segment and a few settlements
 * trigger a snapshot.
 */
final class SmallLogs implements LogEngine {

    private final LogEngine engine;
    private final long segmentBytes;

    SmallLogs(LogEngine engine, long segmentBytes) {
        this.engine = engine;
        this.segmentBytes = segmentBytes;
    }

    @Override
    public Set<Capability> capabilities() {
        return engine.capabilities();
    }

    @Override
    public MetaStore metaStore() {
        return engine.metaStore();
    }

    @Override
    public Set<LogId> logs() {
        return engine.logs();
    }

    @Override
    public CompletableFuture<WritableLog> openForWrite(LogId id, Lease lease, LogOptions options,
            Owner owner) {
        LogOptions small = new LogOptions(options.durability(), new ByteSize(segmentBytes),
                options.segmentAge(), options.indexIntervalBytes(), options.retentionBytes(),
                options.retentionMs(), options.deleteRetained(), options.compaction(),
                options.producerExpiry());
        return engine.openForWrite(id, lease, small, owner);
    }

    @Override
    public CommitResult commit(List<LogAppend> appends) {
        return engine.commit(appends);
    }

    @Override
    public CompletableFuture<Void> delete(LogId id) {
        return engine.delete(id);
    }

    @Override
    public long unforcedBytes() {
        return engine.unforcedBytes();
    }

    @Override
    public Optional<String> failure() {
        return engine.failure();
    }

    @Override
    public List<LogTrouble> troubles() {
        return engine.troubles();
    }

    @Override
    public CleanerReport cleaner() {
        return engine.cleaner();
    }

    @Override
    public void configure(CleanerSettings settings) {
        engine.configure(settings);
    }

    @Override
    public Map<LogId, String> quarantined() {
        return engine.quarantined();
    }

    @Override
    public List<String> close(Duration deadline) {
        return engine.close(deadline);
    }
}
