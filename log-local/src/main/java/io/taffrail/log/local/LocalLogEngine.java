package io.taffrail.log.local;

import io.taffrail.log.AppendResult;
import io.taffrail.log.Durability;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.Refusal;
import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.journal.Journal;
import io.taffrail.log.local.journal.JournalScan;
import io.taffrail.log.local.segment.OpenFiles;
import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.WritableLog;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine of one machine: a data directory with one journal and a folder of segments for each
 * log.
 *
 * <p>
 * Durability {@code fsync} goes through the journal; {@code os} is acknowledged from the page cache
 * and found again by
 * scanning behind the last checkpoint; {@code memory} lives in files that are dropped at start.
 */
public final class LocalLogEngine implements LogEngine {

    static final LogId META = new LogId("@meta");
    private static final Logger LOG = LoggerFactory.getLogger(LocalLogEngine.class);

    private final DataDirectory directory;
    private final Disk disk;
    private final StoredLogs storedLogs;
    private final Map<LogId, StoredLog> logs = new ConcurrentHashMap<>();
    private final Map<LogId, LocalLog> open = new ConcurrentHashMap<>();
    private final ExecutorService background = Executors
            .newThreadPerTaskExecutor(Thread.ofVirtual().name("taffrail-background").factory());
    private final Journal journal;
    private final Checkpointer checkpointer;
    private final Compactor compactor;
    private final MetaOwner metaOwner = new MetaOwner();
    private volatile boolean segmentsFull;
    private final LocalMetaStore metaStore;
    private final InstantSource clock;
    private final AppendResult.Refused overloaded = new AppendResult.Refused(Refusal.OVERLOADED,
            "more is waiting for the disk than may; try again");
    private final AppendResult.Refused diskFull = new AppendResult.Refused(Refusal.DISK_FULL,
            "disk full: no room for the journal");

    private LocalLogEngine(DataDirectory directory, Disk disk, LocalLogConfig config,
            InstantSource clock)
            throws IOException {
        this.directory = directory;
        this.clock = clock;
        this.disk = disk;
        Path path = directory.path();
        this.storedLogs = new StoredLogs(path.resolve("logs"), path.resolve("transient"),
                new OpenFiles(disk, config.openFiles()), clock);
        disk.createDirectories(storedLogs.logsFolder());
        dropTransient();
        CheckpointFile checkpoint = new CheckpointFile(disk, path, directory.id());
        JournalScan scan = recover(checkpoint);
        this.journal = new Journal(disk, path.resolve("journal"), directory.id(),
                config.journalFileBytes().bytes(),
                config.unforcedBytes().bytes(), background, scan, this::consider);
        this.checkpointer = new Checkpointer(checkpoint,
                () -> disk.forceDirectory(storedLogs.logsFolder()), journal, config, logs.values());
        this.metaStore = new LocalMetaStore(openMeta(), clock);
        this.compactor = new Compactor(config, clock, open::values);
        checkpointer.start();
        compactor.start();
        if (!scan.isEmpty()) {
            checkpointer.recovered(logs.values());
            checkpointer.consider(true);
        }
    }

    /**
     * Opens a data directory, making it where it does not exist, and recovers what an unclean stop
     * left.
     *
     * @throws DataDirectoryLockedException
     *             if another broker has it
     * @throws LogFailedException
     *             if it is damaged or of another format, naming the file
     */
    public static LocalLogEngine open(Path dataDir, LocalLogConfig config, InstantSource clock) {
        return open(dataDir, config, clock, Disk.real());
    }

    static LocalLogEngine open(Path dataDir, LocalLogConfig config, InstantSource clock,
            Disk disk) {
        try {
            DataDirectory directory = DataDirectory.open(dataDir, disk);
            try {
                return new LocalLogEngine(directory, disk, config, clock);
            } catch (IOException | RuntimeException e) {
                directory.close();
                throw e;
            }
        } catch (IOException e) {
            throw new LogFailedException("data directory " + dataDir + " cannot be opened: " + e,
                    e);
        }
    }

    private void dropTransient() throws IOException {
        Path folder = storedLogs.transientFolder();
        for (String log : disk.list(folder)) {
            deleteFolder(folder.resolve(log));
        }
    }

    private void deleteFolder(Path folder) throws IOException {
        for (String name : disk.list(folder)) {
            disk.delete(folder.resolve(name));
        }
        disk.delete(folder);
    }

    private JournalScan recover(CheckpointFile checkpoint) throws IOException {
        if (!checkpoint.exists()) {
            boolean begun = disk.list(directory.path().resolve("journal")).stream()
                    .anyMatch(it -> it.endsWith(".journal"))
                    || !disk.list(storedLogs.logsFolder()).isEmpty();
            if (begun && !directory.isFresh()) {
                throw new LogFailedException(directory.path().resolve("checkpoint")
                        + " is missing, but there are logs; restore it");
            }
            checkpoint.write(0, true, List.of());
        }
        CheckpointFile.Content content = checkpoint.read(storedLogs);
        logs.putAll(content.logs());
        Recovery recovery = new Recovery(storedLogs, logs);
        JournalScan scan = JournalScan.read(disk, directory.path().resolve("journal"),
                directory.id(), content.group(), recovery);
        if (!content.clean() || !scan.isEmpty()) {
            recovery.scanUnjournaled();
        }
        recovery.requireSegments();
        recovery.report();
        return scan;
    }

    private LocalLog openMeta() {
        LogOptions options = LogOptions.defaults();
        StoredLog stored = logs.get(META);
        if (stored == null) {
            stored = storedLogs.create(META, Durability.FSYNC);
            logs.put(META, stored);
            journal.open(stored.idBytes(), Durability.FSYNC).join();
        }
        LocalLog log = new LocalLog(this, stored, 0, options, metaOwner);
        open.put(META, log);
        return log;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.ATOMIC_COMMIT);
    }

    @Override
    public MetaStore metaStore() {
        return metaStore;
    }

    @Override
    public Set<LogId> logs() {
        Set<LogId> ids = ConcurrentHashMap.newKeySet();
        ids.addAll(logs.keySet());
        ids.remove(META);
        return ids;
    }

    @Override
    public CompletableFuture<WritableLog> openForWrite(LogId id, Lease lease, LogOptions options,
            Owner owner) {
        LocalLog before = open.get(id);
        if (before == null || before.leaderEpoch() > lease.epoch()) {
            return openStored(id, lease, options, owner);
        }
        return CompletableFuture
                .runAsync(
                        before::fence,
                        before.owner())
                .thenCompose(none -> openStored(id, lease, options, owner));
    }

    private CompletableFuture<WritableLog> openStored(LogId id, Lease lease, LogOptions options,
            Owner owner) {
        StoredLog present = logs.get(id);
        if (present != null && present.highestEpoch() > lease.epoch()) {
            return CompletableFuture.failedFuture(new LogFailedException(
                    "%s was written under epoch %d; epoch %d is fenced".formatted(id,
                            present.highestEpoch(), lease.epoch())));
        }
        boolean change = present == null || present.durability() != options.durability();
        StoredLog stored = present != null ? present : storedLogs.create(id, options.durability());
        logs.put(id, stored);
        stored.durability(options.durability());
        stored.highestEpoch(lease.epoch());
        LocalLog log = new LocalLog(this, stored, lease.epoch(), options, owner);
        open.put(id, log);
        if (!change || options.durability() == Durability.MEMORY) {
            return CompletableFuture.completedFuture(log);
        }
        touched(log);
        return journal.open(stored.idBytes(), options.durability()).thenApply(none -> log);
    }

    @Override
    public CommitResult commit(List<LogAppend> appends) {
        AppendResult[] results = new AppendResult[appends.size()];
        LocalLog.Reserved[] reserved = new LocalLog.Reserved[appends.size()];
        for (int i = 0; i < results.length; i++) {
            LocalLog log = local(appends.get(i));
            AppendResult decided = log.refusal(appends.get(i).batch());
            decided = decided != null ? decided : log.decide(appends.get(i).batch());
            if (decided == null) {
                try {
                    reserved[i] = log.reserve(appends.get(i).batch());
                    continue;
                } catch (IOException e) {
                    decided = log.storageRefused(e);
                }
            }
            if (decided instanceof AppendResult.Refused refused) {
                appends.forEach(it -> local(it).clearReservation());
                return new CommitResult.Refused(i, refused);
            }
            results[i] = decided;
        }
        return publish(appends, reserved, results);
    }

    private CommitResult publish(List<LogAppend> appends, LocalLog.@Nullable Reserved[] reserved,
            AppendResult[] results) {
        journal.lock();
        try {
            for (int i = 0; i < results.length; i++) {
                LocalLog.Reserved batch = reserved[i];
                if (batch != null) {
                    results[i] = local(appends.get(i)).publish(batch);
                }
            }
        } catch (IOException e) {
            throw new LogFailedException("a commit failed half-way; restart to recover", e);
        } finally {
            journal.unlock();
        }
        List<CompletableFuture<Void>> durable = new ArrayList<>();
        for (AppendResult result : results) {
            switch (result) {
                case AppendResult.Stored stored -> durable.add(stored.durable());
                case AppendResult.Duplicate duplicate -> durable.add(duplicate.durable());
                case AppendResult.Refused refused ->
                    throw new IllegalStateException("refused after it was reserved: " + refused);
            }
        }
        return new CommitResult.Committed(List.of(results),
                CompletableFuture.allOf(durable.toArray(CompletableFuture[]::new)));
    }

    private static LocalLog local(LogAppend append) {
        return (LocalLog) append.log();
    }

    @Override
    public CompletableFuture<Void> delete(LogId id) {
        StoredLog stored = logs.remove(id);
        if (stored == null) {
            return CompletableFuture.completedFuture(null);
        }
        LocalLog log = open.remove(id);
        CompletableFuture<Void> closed = log == null
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.runAsync(
                        log::delete, log.owner());
        checkpointer.deleted(id);
        CompletableFuture<Void> recorded = stored.durability() == Durability.MEMORY
                ? closed
                : closed.thenCompose(none -> journal.delete(stored.idBytes()));
        return recorded.thenRunAsync(() -> deleteFiles(stored), background);
    }

    private void deleteFiles(StoredLog stored) {
        try {
            for (Segment segment : stored.segments()) {
                segment.delete();
            }
            deleteFolder(stored.folder());
        } catch (IOException e) {
            LOG.warn("ENG-003 {} was deleted, but its files in {} remain: {}", stored.id(),
                    stored.folder(), e.toString());
        }
    }

    /** Records a trim and deletes the segments below it once the record is durable. */
    void trimmed(StoredLog stored, List<Segment> dropped) {
        if (stored.durability() == Durability.MEMORY) {
            background.execute(() -> deleteSegments(dropped));
            return;
        }
        var _ = journal.trim(stored.idBytes(), stored.startOffset())
                .thenRun(() -> deleteSegments(dropped));
    }

    /** Records a compaction and deletes the segments it replaced once the record is durable. */
    void replaced(StoredLog stored, long from, long to, List<Segment> fresh, List<Segment> old) {
        if (stored.durability() == Durability.MEMORY) {
            background.execute(() -> deleteSegments(old));
            return;
        }
        var _ = journal
                .replace(stored.idBytes(), stored.cleanedTo(), from, to,
                        fresh.stream().map(Segment::info).toList())
                .thenRun(() -> deleteSegments(old));
    }

    /**
     * Forces a segment in the background, ahead of the checkpoint: many small forces delay the
     * journal less than a large one.
     */
    void writeBack(Segment segment) {
        background.execute(() -> {
            try {
                segment.writeBack();
            } catch (NoSuchFileException e) {
                LOG.debug("{} was dropped meanwhile", segment.path(), e);
            } catch (IOException e) {
                LOG.warn("ENG-007 {} could not be written back early: {}", segment.path(),
                        e.toString());
            }
        });
    }

    private static void deleteSegments(List<Segment> dropped) {
        for (Segment segment : dropped) {
            try {
                segment.delete();
            } catch (IOException e) {
                LOG.warn("ENG-004 {} is no longer part of its log, but remains: {}", segment.path(),
                        e.toString());
            }
        }
    }

    /** The log's appends are to survive more, or less, from now on. */
    void changeDurability(LocalLog log, Durability durability) {
        StoredLog stored = log.stored();
        if (stored.durability() == Durability.MEMORY || durability == Durability.MEMORY) {
            throw new IllegalArgumentException("durability cannot be changed to or from memory");
        }
        stored.durability(durability);
        touched(log);
        var _ = journal.open(stored.idBytes(), durability);
        if (durability == Durability.FSYNC) {
            checkpointer.consider(true);
        }
    }

    /** Compacts what is due now, and waits for it. For tests and tools. */
    public void compact() {
        compactor.cleanNow();
    }

    long nowMs() {
        return clock.millis();
    }

    Journal journal() {
        return journal;
    }

    /** Why no log takes an append that has to be forced, or {@code null}. */
    AppendResult.@Nullable Refused refusal() {
        LogFailedException failure = journal.failure();
        if (failure != null) {
            return new AppendResult.Refused(Refusal.STORAGE_FAILED,
                    String.valueOf(failure.getMessage()));
        }
        if (journal.isFull()) {
            return diskFull;
        }
        return journal.isOverloaded() ? overloaded : null;
    }

    /** Says once that the disk is full, until {@link #hasRoom} says otherwise. */
    void diskFullAt(LogId id, IOException cause) {
        if (!segmentsFull) {
            segmentsFull = true;
            checkpointer.consider(true);
            LOG.error("ENG-001 disk full: appends are refused until there is room, first to {}: {}",
                    id, cause.toString());
        }
    }

    /** A segment took a batch. */
    void hasRoom() {
        if (segmentsFull) {
            segmentsFull = false;
            LOG.info("ENG-006 there is room on the disk again");
        }
    }

    void touched(LocalLog log) {
        if (log.stored().durability() != Durability.MEMORY && log.markDirty()) {
            checkpointer.touched(log);
        }
    }

    private void consider() {
        checkpointer.consider(journal.isFull());
    }

    @Override
    public String location() {
        return directory.path().toAbsolutePath().toString();
    }

    @Override
    public long unforcedBytes() {
        return journal.unforcedBytes();
    }

    /** Stops as a crash would: nothing more is written. For tests of recovery. */
    public void abandon() {
        compactor.close();
        checkpointer.abandon();
        release(false);
    }

    @Override
    public void close() {
        boolean clean = false;
        compactor.close();
        try {
            checkpointer.close();
            clean = true;
        } catch (IOException | RuntimeException e) {
            LOG.warn("ENG-005 no last checkpoint; the next start recovers from the journal", e);
        }
        release(clean);
    }

    private void release(boolean clean) {
        try {
            journal.close(clean);
            metaOwner.close();
            background.close();
            logs.values().forEach(it -> List.of(it.segments()).forEach(Segment::close));
            directory.close();
        } catch (IOException e) {
            throw new LogFailedException("closing " + directory.path() + " failed: " + e, e);
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("closed twice", e);
        }
    }
}
