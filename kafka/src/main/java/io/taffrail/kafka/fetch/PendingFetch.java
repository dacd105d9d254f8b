package io.taffrail.kafka.fetch;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.taffrail.broker.schedule.TimeSource;
import io.taffrail.broker.topic.Partition;
import io.taffrail.kafka.net.SliceRecords;
import io.taffrail.log.guard.FailStop;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.LogSlice;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.jspecify.annotations.Nullable;

/**
 * A fetch in progress. It reads immediately if there are enough bytes or its wait time is zero;
 * otherwise it waits until there are enough bytes or its wait time ends. Its steps run one at a
 * time, on its event loop or, for many partitions, on a worker thread.
 */
final class PendingFetch implements Arrivals.Waiter {

    /**
     * Limits on the size and duration of a fetch.
     *
     * @param minBytes
     *            bytes to wait for
     * @param maxBytes
     *            maximum total size of the records, unless the first batch is larger
     */
    record Bounds(int minBytes, int maxBytes, int maxWaitMs) {}

    private final EventExecutor loop;
    private final Executor steps;
    private final boolean besideLoop;
    private final TimeSource time;
    private final PartitionReader reader;
    private final Arrivals arrivals;
    private final long number;
    private final List<FetchTarget> targets;
    private final Bounds bounds;
    private final CompletableFuture<List<Fetched>> result = new CompletableFuture<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final List<Partition> watched = new ArrayList<>();
    private @Nullable Future<?> timeout;
    private @Nullable Registration jumps;

    /** Creates a fetch whose steps run on {@code loop}; its creator starts it there. */
    PendingFetch(EventExecutor loop, TimeSource time, PartitionReader reader, Arrivals arrivals,
            List<FetchTarget> targets, Bounds bounds) {
        this(loop, Optional.empty(), time, reader, arrivals, targets, bounds);
    }

    /**
     * Creates a fetch that may have many partitions.
     *
     * @param beside
     *            executor of its steps, if they do not run on the event loop
     */
    PendingFetch(EventExecutor loop, Optional<Executor> beside, TimeSource time,
            PartitionReader reader, Arrivals arrivals, List<FetchTarget> targets, Bounds bounds) {
        this.steps = beside.orElse(loop);
        this.besideLoop = beside.isPresent();
        this.loop = loop;
        this.time = time;
        this.reader = reader;
        this.arrivals = arrivals;
        this.number = arrivals.nextNumber();
        this.targets = targets;
        this.bounds = bounds;
    }

    /** Starts the fetch. The receiver of the result owns its slices. */
    CompletableFuture<List<Fetched>> start() {
        step(this::begin, besideLoop);
        return result;
    }

    /** Nobody wants the result any more: it is cancelled. On any thread. */
    void abandon() {
        guarded(() -> {
            forget();
            result.cancel(false);
        });
    }

    /** Waits no longer: what is there now is the result. On any thread. */
    void end() {
        step(this::finish, true);
    }

    private void begin() {
        if (result.isDone()) {
            return;
        }
        if (bounds.maxWaitMs() <= 0 || targets.isEmpty() || enough()) {
            finish();
            return;
        }
        for (FetchTarget target : targets) {
            target.find(reader.topics()).ifPresent(partition -> {
                watched.add(partition);
                arrivals.add(partition, this);
            });
        }
        timeout = loop.schedule(() -> step(this::finish, besideLoop), bounds.maxWaitMs(),
                TimeUnit.MILLISECONDS);
        long endNs = time.nanoTime() + TimeUnit.MILLISECONDS.toNanos(bounds.maxWaitMs());
        jumps = time.onJump(() -> steps.execute(() -> guarded(() -> {
            if (time.nanoTime() - endNs >= 0) {
                finish();
            }
        })));
        look();
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public void wake() {
        if (woken.compareAndSet(false, true)) {
            steps.execute(() -> guarded(this::look));
        }
    }

    /** Runs a step now, or submits it to the event loop or the worker threads. */
    private void step(Runnable step, boolean later) {
        if (later) {
            Guard.run(() -> steps.execute(() -> guarded(step)), this::failed);
        } else {
            guarded(step);
        }
    }

    /** Runs a step. If it fails, the result fails, so the client gets a response. */
    private void guarded(Runnable step) {
        Guard.run(() -> {
            synchronized (this) {
                step.run();
            }
        }, this::failed);
    }

    private synchronized void failed(Throwable cause) {
        forget();
        result.completeExceptionally(cause);
    }

    private void look() {
        woken.set(false);
        if (!result.isDone() && enough()) {
            finish();
        }
    }

    private boolean enough() {
        if (bounds.minBytes() <= 1) {
            for (FetchTarget target : targets) {
                if (reader.ready(target)) {
                    return true;
                }
            }
            return bounds.minBytes() <= 0;
        }
        long bytes = 0;
        for (FetchTarget target : targets) {
            if (reader.ready(target)) {
                long size = sizeOf(target);
                if (size < 0) {
                    return true;
                }
                bytes += size;
                if (bytes >= bounds.minBytes()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Bytes that a read would return, or -1 if it would return an error. */
    private long sizeOf(FetchTarget target) {
        Optional<Partition> partition = target.find(reader.topics());
        if (partition.isEmpty()) {
            return -1;
        }
        ReadResult read = partition.get().log().read(target.offset(),
                reader.end(partition.get().log()), target.maxBytes(), true);
        if (read instanceof ReadResult.Batches(LogSlice slice)) {
            try (slice) {
                return slice.sizeBytes();
            }
        }
        return -1;
    }

    private void finish() {
        if (result.isDone()) {
            return;
        }
        forget();
        List<Fetched> fetched = new ArrayList<>(targets.size());
        try {
            readAll(fetched);
        } catch (Throwable e) {
            fetched.forEach(PendingFetch::discard);
            FailStop.check(e);
            result.completeExceptionally(e);
            return;
        }
        result.complete(fetched);
    }

    private void forget() {
        if (timeout != null) {
            timeout.cancel(false);
        }
        if (jumps != null) {
            jumps.close();
        }
        for (Partition partition : watched) {
            arrivals.remove(partition, this);
        }
    }

    private void readAll(List<Fetched> fetched) {
        int room = bounds.maxBytes();
        boolean nothingYet = true;
        for (FetchTarget target : targets) {
            PartitionData data = reader.read(target, room, nothingYet);
            fetched.add(new Fetched(target, data));
            int size = data.records().sizeInBytes();
            room = Math.max(0, room - size);
            nothingYet &= size == 0;
        }
    }

    private static void discard(Fetched fetched) {
        if (fetched.data().records() instanceof SliceRecords records) {
            records.slice().close();
        }
    }
}
