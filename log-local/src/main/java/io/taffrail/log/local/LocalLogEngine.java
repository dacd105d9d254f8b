package io.taffrail.log.local;

import io.taffrail.log.CleanerSettings;
import io.taffrail.log.Durability;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.journal.Journal;
import io.taffrail.log.local.journal.JournalScan;
import io.taffrail.log.local.segment.OpenFiles;
import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.local.thread.Background;
import io.taffrail.log.local.thread.Threads;
import io.taffrail.log.local.thread.Worker;
import io.taffrail.log.spi.CleanerReport;
import io.taffrail.log.spi.EngineFigures;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.LogTrouble;
import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.WritableLog;
import io.taffrail.log.state.ProducerSpace;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log engine of one machine: a data directory with one journal and a folder of
 * segments for each log.
 *
 * <p>
 * Appends of durability {@code fsync} go through the journal. Those of {@code os} are acknowledged
 * from the page cache; after a crash they are found by scanning segments behind the last
 * checkpoint. Logs of durability {@code memory} are files that the next start deletes.
 */
public final class LocalLogEngine implements LogEngine {

    static final LogId META = new LogId("@meta");
    private static final Duration ABANDON_PATIENCE = Duration.ofMinutes(1);
    /** Longest wait for a checkpoint that is blocked on a stopped owner. */
    private static final Duration CHECKPOINT_PATIENCE = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(LocalLogEngine.class);

    private final DataDirectory directory;
    private final Disk disk;
    private final StoredLogs storedLogs;
    private final Map<LogId, StoredLog> logs = new ConcurrentHashMap<>();
    private final Map<LogId, LocalLog> open = new ConcurrentHashMap<>();
    private final Map<LogId, String> quarantined = new ConcurrentHashMap<>();
    private final Threads threads;
    private final Background background;
    private final Journal journal;
    private final Checkpointer checkpointer;
    private final Compactor compactor;
    private final Erasure erasure;
    private final Troubles troubles;
    private final Scrubber scrubber;
    private final Worker metaOwner;
    private final Admission admission;
    private final AtomicCommit commits;
    private final SegmentRemoval removal;
    private final LocalMetaStore metaStore;
    private final InstantSource clock;
    private final StorageFailure failure = new StorageFailure();
    private final AtomicLong unjournaled = new AtomicLong();
    private final long checkpointBytes;
    private volatile boolean closed;

    private LocalLogEngine(DataDirectory directory, LocalLogConfig config, Environment environment)
            throws IOException {
        this.directory = directory;
        this.clock = environment.clock();
        this.checkpointBytes = config.checkpointBytes().bytes();
        this.disk = environment.disk();
        this.threads = environment.threads();
        this.background = threads.background("taffrail-background");
        this.metaOwner = threads.worker("taffrail-meta");
        Path path = directory.path();
        this.storedLogs = new StoredLogs(path.resolve("logs"), path.resolve("transient"),
                new OpenFiles(disk, config.openFiles()), clock, ProducerSpace.ofHeap());
        DiskReserve reserve = new DiskReserve(disk, path, config.journalFileBytes().bytes());
        reserve.beforeStart();
        CheckpointFile checkpoint = new CheckpointFile(disk, path, directory.id());
        EngineStart start = new EngineStart(directory, disk, storedLogs);
        JournalScan scan = start.recover(checkpoint, logs);
        this.journal = new Journal(disk, path.resolve("journal"), directory.id(),
                config.journalFileBytes().bytes(),
                config.unforcedBytes().bytes(), background, threads, scan, this::consider);
        journal.measure(clock);
        journal.onFailure(failure::report);
        checkpoint.begun();
        Checkpointer.FolderForce forceFolders = () -> disk
                .forceDirectory(storedLogs.logsFolder());
        this.checkpointer = new Checkpointer(checkpoint, forceFolders, journal,
                new CheckpointPace(config, clock), threads, reserve, failure);
        checkpointer.found(logs.values());
        checkpointer.recovered(logs.values());
        if (start.hasDropped()) {
            checkpointer.atStart();
        }
        this.admission = new Admission(journal, checkpointer);
        this.commits = new AtomicCommit(journal, admission);
        this.removal = new SegmentRemoval(disk, journal, background,
                checkpointer::roomAgain);
        this.metaStore = openMetaStore();
        SegmentRewrite rewrite = new SegmentRewrite(threads, forceFolders);
        this.compactor = new Compactor(config.cleaner(), clock, threads, rewrite, open::values);
        this.troubles = compactor.troubles();
        this.erasure = new Erasure(compactor, rewrite, troubles);
        checkpointer.start();
        this.scrubber = new Scrubber(clock, threads, open::values);
        compactor.start();
        scrubber.start(config.scrubInterval(), config.scrubRate().bytes());
        background.execute(reserve::restore);
        if (!scan.isEmpty()) {
            checkpointer.consider(true);
        }
    }

    /**
     * Opens a data directory, creates it if it does not exist, and recovers after an unclean stop.
     *
     * @throws DataDirectoryLockedException
     *             if another broker uses the directory
     * @throws LogFailedException
     *             if the directory is damaged or of another format; the message names the file
     */
    public static LocalLogEngine open(Path dataDir, LocalLogConfig config, InstantSource clock) {
        return open(dataDir, config, Environment.real(clock));
    }

    /**
     * Opens a data directory as {@link #open(Path, LocalLogConfig, InstantSource)} does, in the
     * given environment.
     */
    public static LocalLogEngine open(Path dataDir, LocalLogConfig config,
            Environment environment) {
        try {
            DataDirectory directory = DataDirectory.open(dataDir, environment.disk());
            try {
                return new LocalLogEngine(directory, config, environment);
            } catch (IOException | RuntimeException e) {
                directory.close();
                throw e;
            }
        } catch (IOException e) {
            throw DirectoryTrouble.of(dataDir, e);
        } catch (CompletionException e) {
            throw new LogFailedException(dataDir + " cannot be started: " + e.getCause(), e);
        }
    }

    /** Opens the metadata store; if it cannot be read, stops every component started so far. */
    private LocalMetaStore openMetaStore() throws IOException {
        try {
            return new LocalMetaStore(openMeta(), clock);
        } catch (IOException | RuntimeException e) {
            checkpointer.abandon();
            StopWatch stop = new StopWatch(clock, ABANDON_PATIENCE);
            var _ = checkpointer.end(CHECKPOINT_PATIENCE);
            var _ = endJournal(Checkpointer.NOTHING, stop);
            closeSegments();
            throw e;
        }
    }

    private LocalLog openMeta() {
        LogOptions options = LogOptions.defaults();
        StoredLog stored = logs.get(META);
        boolean made = stored == null;
        if (stored == null) {
            stored = storedLogs.create(META, Durability.FSYNC);
            logs.put(META, stored);
        }
        LocalLog log = new LocalLog(this, stored, 0, options, metaOwner);
        open.put(META, log);
        if (made) {
            touched(log);
            threads.await(journal.open(stored.idBytes(), Durability.FSYNC));
        }
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
        CompletableFuture<StoredLog> drained = new CompletableFuture<>();
        return CompletableFuture.runAsync(() -> before.fence(drained), before.owner())
                .thenCompose(none -> before.isQuarantined() ? rebuilt(before) : drained)
                .thenCompose(stored -> {
                    if (!logs.replace(id, before.stored(), stored)) {
                        return CompletableFuture.failedFuture(
                                new LogFailedException(id + " was deleted"));
                    }
                    quarantined.remove(id);
                    return openStored(id, lease, options, owner);
                });
    }

    /**
     * Rebuilds the state of a quarantined log once the journal has forced or failed
     * all its appends.
     */
    private CompletableFuture<StoredLog> rebuilt(LocalLog log) {
        return journal.barrier()
                // The owner must have handled the log's last group before the change is abandoned.
                .thenRunAsync(log::giveUpUnsettled, log.owner())
                .thenCompose(none -> checkpointer.rebuild(log.view(), log.stored(), storedLogs))
                .thenApply(fresh -> {
                    LOG.info("LOG-007 {} is reopened: its state up to offset {} was made anew",
                            log.id(), fresh.nextOffset());
                    return fresh;
                });
    }

    @Override
    public Map<LogId, String> quarantined() {
        return Map.copyOf(quarantined);
    }

    /** Records a quarantine. Called on the log's owner thread. */
    void quarantined(LogId id, String reason) {
        quarantined.put(id, reason);
    }

    private CompletableFuture<WritableLog> openStored(LogId id, Lease lease, LogOptions options,
            Owner owner) {
        LogFailedException failed = journal.failure();
        if (failed != null) {
            // Appends of the last handle may be missing from the journal and must not
            // count as durable.
            return CompletableFuture.failedFuture(failed);
        }
        StoredLog present = logs.get(id);
        if (present != null && present.highestEpoch() > lease.epoch()) {
            return CompletableFuture.failedFuture(new LogFailedException(
                    "%s was written under epoch %d; epoch %d is fenced".formatted(id,
                            present.highestEpoch(), lease.epoch())));
        }
        if (present != null) {
            try {
                checkChange(present.durability(), options.durability());
            } catch (IllegalArgumentException e) {
                return CompletableFuture.failedFuture(new LogFailedException(
                        id + " cannot be opened: " + e.getMessage(), e));
            }
        }
        boolean change = present == null || present.isChanging()
                || present.durability() != options.durability();
        if (present != null && change) {
            try {
                present.prepareForScan();
            } catch (IOException e) {
                return CompletableFuture.failedFuture(
                        new LogFailedException(id + " cannot be opened: " + e, e));
            }
            if (options.durability() == Durability.FSYNC) {
                present.unsettle();
            }
        }
        StoredLog stored = present != null ? present : storedLogs.create(id, options.durability());
        logs.put(id, stored);
        stored.durability(options.durability());
        stored.highestEpoch(lease.epoch());
        if (!open.containsKey(id)) {
            // Recovery may have restored producers that had already expired.
            stored.state().expireProducers(nowMs() - options.producerExpiry().toMillis());
        }
        LocalLog log = new LocalLog(this, stored, lease.epoch(), options, owner);
        open.put(id, log);
        if (options.durability() == Durability.MEMORY) {
            return CompletableFuture.completedFuture(log);
        }
        if (stored.unsettled() != 0) {
            touched(log);
            checkpointer.consider(true);
        }
        if (!change) {
            return CompletableFuture.completedFuture(log);
        }
        touched(log);
        stored.changeBegins();
        return journal.open(stored.idBytes(), options.durability()).thenApply(none -> {
            stored.changeRecorded();
            return log;
        });
    }

    @Override
    public CommitResult commit(List<LogAppend> appends) {
        return commits.commit(appends);
    }

    @Override
    public CompletableFuture<Void> delete(LogId id) {
        StoredLog stored = logs.remove(id);
        if (stored == null) {
            return CompletableFuture.completedFuture(null);
        }
        quarantined.remove(id);
        LocalLog log = open.remove(id);
        CompletableFuture<Void> closed = log == null
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.runAsync(
                        log::delete, log.owner());
        CompletableFuture<Void> recorded = stored.durability() == Durability.MEMORY
                ? closed
                : recordDeletion(stored, closed);
        return recorded.thenRunAsync(() -> {
            stored.state().discard();
            removal.deleteFiles(stored);
        }, background);
    }

    private CompletableFuture<Void> recordDeletion(StoredLog stored,
            CompletableFuture<Void> closed) {
        CompletableFuture<Long> group = new CompletableFuture<>();
        checkpointer.deleted(stored, group);
        CompletableFuture<Void> recorded = closed
                .thenCompose(none -> journal.delete(stored.idBytes(), group));
        var _ = recorded.whenComplete((none, failure) -> {
            if (failure != null) {
                group.completeExceptionally(failure);
            }
        });
        return recorded;
    }

    /**
     * Forces a segment in the background ahead of the checkpoint: many small forces delay the
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

    /**
     * Refuses a change to or from {@code memory}: such logs lie in a separate folder, which
     * each start empties.
     */
    static void checkChange(Durability before, Durability after) {
        if (before != after && (before == Durability.MEMORY || after == Durability.MEMORY)) {
            throw new IllegalArgumentException(
                    "durability cannot be changed from %s to %s while the log exists"
                            .formatted(before, after));
        }
    }

    /**
     * Changes the durability of later appends. Owner's thread only.
     *
     * @return completes when the change survives a crash
     */
    CompletableFuture<Void> changeDurability(LocalLog log, Durability durability) {
        StoredLog stored = log.stored();
        stored.durability(durability);
        if (durability == Durability.FSYNC) {
            stored.unsettle();
        }
        touched(log);
        CompletableFuture<Void> recorded = journal.open(stored.idBytes(), durability);
        if (durability == Durability.FSYNC) {
            checkpointer.consider(true);
        }
        return recorded;
    }

    /**
     * Compacts every log that is due, including those in back-off after a failure. Waits for the
     * result. For tests and tools.
     */
    public void compact() {
        compactor.cleanNow();
    }

    @Override
    public Optional<EngineFigures> figures() {
        long segments = 0;
        long bytes = 0;
        for (LocalLog log : open.values()) {
            segments += log.segmentCount();
            bytes += log.sizeBytes();
        }
        return Optional.of(new EngineFigures(open.size(), segments, bytes, checkpointer.made(),
                journal.figures()));
    }

    @Override
    public CleanerReport cleaner() {
        return compactor.report();
    }

    @Override
    public void configure(CleanerSettings settings) {
        compactor.configure(settings);
    }

    @Override
    public List<LogTrouble> troubles() {
        return Stream.concat(checkpointer.trouble().stream(), troubles.all().stream()).toList();
    }

    /**
     * Registers a listener that is called once, on a thread of the engine or of an owner, when the
     * disk fails in a way that only a restart recovers from.
     */
    public void onFailure(Consumer<LogFailedException> listener) {
        failure.listen(listener);
    }

    /** Reports a disk failure that hit a log. */
    void storageFailed(LogFailedException cause) {
        failure.report(cause);
    }

    /**
     * Verifies every durable batch of the open logs, on the calling thread.
     *
     * @param wanted
     *            logs to verify; all open logs if empty
     * @param bytesPerSecond
     *            upper limit of the read rate; {@link Long#MAX_VALUE} for none
     */
    public ScrubReport.Progress scrub(Set<LogId> wanted, long bytesPerSecond, ScrubReport report) {
        return scrubber.scrub(wanted, bytesPerSecond, report);
    }

    long nowMs() {
        return clock.millis();
    }

    Journal journal() {
        return journal;
    }

    Admission admission() {
        return admission;
    }

    Erasure erasure() {
        return erasure;
    }

    SegmentRemoval removal() {
        return removal;
    }

    /**
     * Counts appended bytes that bypass the journal. A start must scan them
     * behind the last checkpoint, so a checkpoint is requested after every
     * {@code journal.checkpoint.bytes} of them.
     */
    void appendedUnjournaled(int bytes) {
        if (unjournaled.addAndGet(bytes) > checkpointBytes) {
            unjournaled.set(0);
            checkpointer.consider(true);
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
    public OptionalLong usableBytes() {
        try {
            return OptionalLong.of(disk.usableBytes(directory.path()));
        } catch (IOException e) {
            LOG.debug("nobody knows how much room {} has", directory.path(), e);
            return OptionalLong.empty();
        }
    }

    @Override
    public Optional<String> failure() {
        LogFailedException failed = journal.failure();
        if (failed != null) {
            return Optional.of(String.valueOf(failed.getMessage()));
        }
        return closed ? Optional.of("the engine is closed") : Optional.empty();
    }

    @Override
    public String location() {
        return directory.path().toAbsolutePath().toString();
    }

    @Override
    public long unforcedBytes() {
        return journal.unforcedBytes();
    }

    /** Stops as a crash would, without further writes. For tests of recovery. */
    public void abandon() {
        StopWatch stop = new StopWatch(clock, ABANDON_PATIENCE);
        stop.note(compactor.close(stop.left()), "a compaction is still running");
        stop.note(scrubber.close(stop.left()), "a scrub is still running");
        checkpointer.abandon();
        // A checkpoint may still be writing; its files must not change after this method returns.
        stop.note(checkpointer.end(CHECKPOINT_PATIENCE), "a checkpoint is still running");
        try {
            var _ = endJournal(Checkpointer.NOTHING, stop);
            closeFiles();
        } catch (IOException e) {
            throw new LogFailedException("closing " + directory.path() + " failed: " + e, e);
        }
    }

    @Override
    public List<String> close(Duration deadline) {
        StopWatch stop = new StopWatch(clock, deadline);
        stop.note(compactor.close(stop.left()), "a compaction is still running");
        stop.note(scrubber.close(stop.left()), "a scrub is still running");
        long checkpointed = Checkpointer.NOTHING;
        CompletableFuture<Long> last = checkpointer.last();
        if (!stop.note(threads.await(last, stop.left()),
                "the last checkpoint; the next start recovers from the journal")) {
            LOG.debug("closing without it");
        } else if (last.isCompletedExceptionally()) {
            LOG.warn("ENG-005 no last checkpoint; the next start recovers from the journal",
                    last.exceptionNow());
        } else {
            checkpointed = last.join();
        }
        release(checkpointed, stop);
        return stop.undone();
    }

    private void release(long checkpointed, StopWatch stop) {
        closed = true;
        try {
            boolean ended = endJournal(checkpointed, stop);
            ended &= stop.note(checkpointer.end(stop.left()),
                    "a checkpoint waits for the disk or an owner");
            if (ended) {
                closeFiles();
            }
            // A component is still running and may write: the directory stays locked until
            // the process ends.
        } catch (IOException e) {
            throw new LogFailedException("closing " + directory.path() + " failed: " + e, e);
        }
    }

    private boolean endJournal(long checkpointed, StopWatch stop) throws IOException {
        boolean ended = stop.note(journal.close(checkpointed, stop.left()),
                "the journal waits for the disk");
        ended &= stop.note(metaOwner.end(stop.left()), "the metadata store is still busy");
        ended &= stop.note(background.end(stop.left()), "files are still being deleted");
        return ended;
    }

    private void closeFiles() throws IOException {
        closeSegments();
        directory.close();
    }

    private void closeSegments() {
        logs.values().forEach(it -> List.of(it.segments()).forEach(Segment::close));
    }

    /** Quarantines an open log as a failure of its own code would. For tests. */
    void quarantine(LogId id, Throwable cause) {
        LocalLog log = open.get(id);
        if (log == null) {
            throw new IllegalArgumentException(id + " is not open");
        }
        threads.await(CompletableFuture.runAsync(() -> {
            var _ = log.quarantine(cause);
        }, log.owner()));
    }
}
