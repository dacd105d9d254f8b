package io.taffrail.log.spi;

import io.taffrail.log.AppendResult;
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
 * Where logs are kept. An engine orders appends of a log, makes them durable and finds them again;
 * it speaks no
 * protocol. Safe for any thread, except {@link #commit}.
 */
public interface LogEngine extends AutoCloseable {

    /** What an engine may offer beyond the rest of the contract. */
    enum Capability {
        /** {@link #commit} is all or nothing over a crash. */
        ATOMIC_COMMIT
    }

    /** One batch for one log, as in {@link WritableLog#append}. */
    record LogAppend(WritableLog log, ByteBuffer batch) {}

    /** What became of a commit. */
    sealed interface CommitResult {

        /**
         * One entry for each append, in order; {@code durable} of all of them completes when the
         * whole is.
         */
        record Committed(List<AppendResult> results,
                CompletableFuture<Void> durable) implements CommitResult {}

        /** Nothing was stored: the append at {@code index} was refused. */
        record Refused(int index, AppendResult.Refused refusal) implements CommitResult {}
    }

    Set<Capability> capabilities();

    MetaStore metaStore();

    /** Logs that exist, open or not. */
    Set<LogId> logs();

    /**
     * Opens a log, creating it where it does not exist, and fences writers with an older lease.
     * Completes exceptionally
     * with {@link io.taffrail.log.LogFailedException} when the log is damaged, naming file and
     * position.
     */
    CompletableFuture<WritableLog> openForWrite(LogId id, Lease lease, LogOptions options,
            Owner owner);

    /**
     * Logs that have been quarantined because their own code failed, each with the reason, for a
     * person. Such a log refuses appends ({@link io.taffrail.log.Refusal#STORAGE_FAILED}) and is
     * not
     * trimmed; what is durable can be read. {@link #openForWrite} under a new lease makes its state
     * anew from what is durable and ends the quarantine; where that fails it stays.
     */
    Map<LogId, String> quarantined();

    /** Appends to several logs of one owner as one step; on that owner's thread. */
    CommitResult commit(List<LogAppend> appends);

    /**
     * Deletes a log, open or not, with everything in it; completes when its space is free or will
     * be after a crash.
     */
    CompletableFuture<Void> delete(LogId id);

    /**
     * Bytes appended and not yet durable, over all logs; heads stop reading sockets when it is
     * high.
     */
    long unforcedBytes();

    /** Bytes that logs may still take on their disk; empty if nobody knows. May read the disk. */
    default OptionalLong usableBytes() {
        return OptionalLong.empty();
    }

    /**
     * Why no log of this engine takes anything any more, if that is so; empty while a refusal is
     * the matter of one log. Safe for any thread.
     */
    default Optional<String> failure() {
        return Optional.empty();
    }

    /** Background work on logs that fails at present; empty where all goes well. */
    default List<LogTrouble> troubles() {
        return List.of();
    }

    /** Where the logs are, for a person: the absolute path of a directory, or what else it is. */
    default String location() {
        return "memory";
    }

    /**
     * Forces what is open, writes a checkpoint and stops, as far as that works within
     * {@code deadline}: a disk that is full or does not answer, or an owner that hangs, does not
     * hold up a stop. What is left undone is safe: the next start recovers it.
     *
     * @return what was left undone, for a person; empty after a stop in good order
     */
    List<String> close(Duration deadline);

    /** As {@link #close(Duration)} with time enough for any disk that works. */
    @Override
    default void close() {
        var _ = close(Duration.ofMinutes(10));
    }
}
