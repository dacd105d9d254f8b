package io.taffrail.kafka.transactions;

import io.taffrail.kafka.api.ErrorCodes;
import io.taffrail.log.AppendResult;
import io.taffrail.log.Refusal;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The writer of a shard's records. A record takes effect when it is durable, and whoever waits for
 * it is told in every case. Owner thread only.
 */
final class ShardWriter {

    private final WritableLog log;
    private final BooleanSupplier active;
    private final Consumer<String> logFailed;
    private final Consumer<Throwable> stepFailed;

    /**
     * @param active
     *            whether the shard still serves
     * @param logFailed
     *            ends the shard because its log has failed
     * @param stepFailed
     *            ends the shard because a record could not take effect
     */
    ShardWriter(WritableLog log, BooleanSupplier active, Consumer<String> logFailed,
            Consumer<Throwable> stepFailed) {
        this.log = log;
        this.active = active;
        this.logFailed = logFailed;
        this.stepFailed = stepFailed;
    }

    /**
     * Appends a record of an id. Returns the reason if the record is too large or the log refuses
     * it. Otherwise runs {@code effect} when the record is durable and the shard is active; in any
     * case {@code done} is then told whether the record has taken effect.
     */
    Errors append(ShardEntry entry, ByteBuffer batch, int largest, Runnable effect,
            Consumer<Errors> done) {
        if (batch.remaining() > largest) {
            return Errors.UNKNOWN_SERVER_ERROR;
        }
        return switch (log.append(batch)) {
            case AppendResult.Stored stored -> {
                entry.writing = true;
                var _ = stored.durable().whenComplete((_, failure) -> Guard.run(
                        () -> durable(entry, failure, effect, done), stepFailed));
                yield Errors.NONE;
            }
            case AppendResult.Duplicate _ -> throw new IllegalStateException(
                    "a record without a producer was taken for a duplicate");
            case AppendResult.Refused refused -> {
                if (refused.reason() == Refusal.STORAGE_FAILED) {
                    logFailed.accept(refused.detail());
                }
                yield answer(refused.reason());
            }
        };
    }

    private void durable(ShardEntry entry, @Nullable Throwable failure, Runnable effect,
            Consumer<Errors> done) {
        entry.writing = false;
        if (failure != null) {
            logFailed.accept(String.valueOf(failure.getMessage()));
        }
        boolean effective = active.getAsBoolean() && Guard.run(effect, stepFailed);
        done.accept(effective ? Errors.NONE : Errors.NOT_COORDINATOR);
        if (!entry.isBusy()) {
            entry.wake();
        }
    }

    /** As Kafka's coordinator answers, so that clients try again. */
    private static Errors answer(Refusal reason) {
        return switch (ErrorCodes.of(reason)) {
            case NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR ->
                reason == Refusal.DISK_FULL
                        ? Errors.COORDINATOR_NOT_AVAILABLE
                        : Errors.NOT_COORDINATOR;
            default -> Errors.COORDINATOR_NOT_AVAILABLE;
        };
    }
}
