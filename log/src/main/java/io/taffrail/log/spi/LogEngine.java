package io.taffrail.log.spi;

import io.taffrail.log.AppendResult;
import io.taffrail.log.CleanerSettings;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A storage engine for logs. It orders the appends of a log, makes them durable and reads them
 * back; it knows no protocol. Every method may be called from any thread, except {@link #commit}.
 */
public interface LogEngine extends AutoCloseable {

    /** Optional features of an engine. */
    enum Capability {
        /** A {@link #commit} is atomic over a crash: all of its appends are stored, or none. */
        ATOMIC_COMMIT
    }

    /** One batch for one log; the batch is as for {@link WritableLog#append}. */
    record LogAppend(WritableLog log, ByteBuffer batch) {}

    /** The outcome of a commit. */
    sealed interface CommitResult {

        /**
         * The commit was stored, except for duplicates.
         *
         * @param results
         *            one entry for each append, in the same order
         * @param durable
         *            completes when all of the appends are durable
         */
        record Committed(List<AppendResult> results,
                CompletableFuture<Void> durable) implements CommitResult {}

        /**
         * Nothing was stored.
         *
         * @param index
         *            index of the append that was refused
         * @param refusal
         *            reason for the refusal
         */
        record Refused(int index, AppendResult.Refused refusal) implements CommitResult {}
    }

    /** Returns the optional features that this engine supports; always the same set. */
    Set<Capability> capabilities();

    /** Returns the engine's store for metadata of logs. */
    MetaStore metaStore();

    /** Returns the ids of all logs, open or not. */
    Set<LogId> logs();

    /**
     * Opens a log, creates it if it does not exist, and fences writers with an older lease.
     * The appends of a fenced writer first complete or fail.
     *
     * @param owner
     *            the thread on which the log is changed and calls its listeners
     * @return the open log; fails with {@link io.taffrail.log.LogFailedException} if the log
     *         is damaged (the message names file and position) or has a writer with a newer lease
     */
    CompletableFuture<WritableLog> openForWrite(LogId id, Lease lease, LogOptions options,
            Owner owner);

    /**
     * Returns the quarantined logs, each with a description of the failure. A log is quarantined
     * when its own code fails. It refuses appends ({@link io.taffrail.log.Refusal#STORAGE_FAILED})
     * and is not trimmed; its durable records can be read. {@link #openForWrite}
     * with a new lease rebuilds the log's state from its durable records and ends the quarantine;
     * if the rebuild fails, the quarantine continues.
     */
    Map<LogId, String> quarantined();

    /**
     * Appends to several logs of one owner in one step, which is atomic over a crash
     * if the engine has {@link Capability#ATOMIC_COMMIT}. A batch is checked as if the batches
     * before it were stored. Runs on the owner's thread and never waits for a force.
     */
    CommitResult commit(List<LogAppend> appends);

    /**
     * Deletes a log, open or not, with all of its records. Completes when the deletion is durable
     * and the log's files are deleted. After a crash before that, either the log still exists
     * or the next start removes its files. Deleting a log that does not exist has no effect.
     */
    CompletableFuture<Void> delete(LogId id);

    /**
     * Returns the bytes that are appended and not yet durable, over all logs.
     * Heads stop reading sockets while it is high.
     */
    long unforcedBytes();

    /**
     * Returns the bytes that can still be written to the engine's disk; empty if unknown.
     * May read the disk.
     */
    default OptionalLong usableBytes() {
        return OptionalLong.empty();
    }

    /**
     * Returns the reason for which every log of this engine refuses appends;
     * empty while the engine accepts them. A refusal by a single log is not reported here.
     */
    default Optional<String> failure() {
        return Optional.empty();
    }

    /** Returns the background work that currently fails; empty if none does. */
    default List<LogTrouble> troubles() {
        return List.of();
    }

    /**
     * Returns figures of the engine; empty if it keeps none. Takes time proportional to the number
     * of logs.
     */
    default Optional<EngineFigures> figures() {
        return Optional.empty();
    }

    /** Returns the state of compaction. May take time proportional to the number of segments. */
    default CleanerReport cleaner() {
        return CleanerReport.of(CleanerSettings.defaults());
    }

    /**
     * Changes the settings of compaction. Rounds that have begun keep the memory they have.
     * An engine without compaction ignores them.
     */
    default void configure(CleanerSettings settings) {}

    /**
     * Returns the place where the logs are stored, for display:
     * the absolute path of a directory or another description.
     */
    default String location() {
        return "memory";
    }

    /**
     * Forces what is not durable, writes a checkpoint and stops, as far as {@code deadline} allows.
     * A full or hanging disk and a hanging owner do not delay the stop beyond it.
     * The next start recovers what was not completed.
     *
     * @return the steps that were not completed, for log lines; empty after a clean stop
     */
    List<String> close(Duration deadline);

    /** Closes as {@link #close(Duration)} does, with a deadline that any working disk meets. */
    @Override
    default void close() {
        var _ = close(Duration.ofMinutes(10));
    }
}
