package io.taffrail.kafka.groups;

import io.taffrail.log.AppendResult;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.errors.InterruptException;

/**
 * One append that is handed to the log's owner. Either the owner takes it and appends, or the
 * waiting thread takes it and gives up, whichever is first. The buffer is therefore not used after
 * {@link #await} has returned, and an append that was given up never happens.
 */
final class OwnerAppend implements Runnable {

    private final WritableLog log;
    private final ByteBuffer batch;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final CompletableFuture<AppendResult> result = new CompletableFuture<>();

    OwnerAppend(WritableLog log, ByteBuffer batch) {
        this.log = log;
        this.batch = batch;
    }

    /** Appends the batch unless the waiting thread has given up. On the owner's thread. */
    @Override
    public void run() {
        if (!taken.compareAndSet(false, true)) {
            return;
        }
        try {
            result.complete(log.append(batch));
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }

    /**
     * Waits until the owner has appended the batch, but not until the batch is durable.
     *
     * @throws org.apache.kafka.common.errors.TimeoutException
     *             if the owner has not started within {@code timeoutMs}; nothing is appended
     */
    AppendResult await(GroupThreads threads, long timeoutMs) {
        try {
            return threads.await(result, timeoutMs);
        } catch (TimeoutException e) {
            if (taken.compareAndSet(false, true)) {
                throw new org.apache.kafka.common.errors.TimeoutException(
                        "the owner of " + log.id() + " is busy for " + timeoutMs + " ms", e);
            }
            return threads.await(result);
        } catch (InterruptedException e) {
            if (taken.compareAndSet(false, true)) {
                throw new InterruptException(e);
            }
            Thread.currentThread().interrupt();
            return threads.await(result);
        } catch (ExecutionException e) {
            throw new IllegalStateException("append to " + log.id() + " failed", e.getCause());
        }
    }
}
