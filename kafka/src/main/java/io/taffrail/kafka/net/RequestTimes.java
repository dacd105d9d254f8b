package io.taffrail.kafka.net;

import io.netty.channel.EventLoop;
import io.taffrail.broker.traffic.RequestFigures;
import io.taffrail.log.spi.EngineFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Times of requests from the complete frame to the encoded response, by the kind of request. Each
 * event loop has numbers of its own, which only it changes; {@link #figures} asks every loop.
 */
public final class RequestTimes {

    private static final int CLASSES = EngineFigures.classesUs().length + 1;
    private static final long NS_PER_US = 1_000;
    private static final int APIS = largestId() + 1;

    /** The numbers of one event loop, on which all methods run. */
    final class OfLoop {

        private final long[] failed = new long[APIS];
        private final long[] totalUs = new long[APIS];
        /** Rows are allocated for the kinds of request that are made. */
        private final long[][] classes = new long[APIS][];

        /** Elapsed time in nanoseconds of any origin. */
        long now() {
            return nanoTime.getAsLong();
        }

        /** Counts an answered request. */
        void answered(short api, long begunNs, boolean isFailed) {
            if (api < 0 || api >= APIS) {
                return;
            }
            long us = Math.max(0, (now() - begunNs) / NS_PER_US);
            long[] row = classes[api];
            if (row == null) {
                row = new long[CLASSES];
                classes[api] = row;
            }
            row[EngineFigures.classOf(us)]++;
            totalUs[api] += us;
            failed[api] += isFailed ? 1 : 0;
        }

        private List<RequestFigures> copy() {
            List<RequestFigures> copy = new ArrayList<>();
            for (short api = 0; api < APIS; api++) {
                if (classes[api] != null) {
                    copy.add(new RequestFigures(ApiKeys.forId(api).name, failed[api],
                            totalUs[api], classes[api].clone()));
                }
            }
            return copy;
        }
    }

    private final LongSupplier nanoTime;
    private final Map<EventLoop, OfLoop> loops = new ConcurrentHashMap<>();

    RequestTimes(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    private static int largestId() {
        int largest = 0;
        for (ApiKeys key : ApiKeys.values()) {
            largest = Math.max(largest, key.id);
        }
        return largest;
    }

    OfLoop of(EventLoop loop) {
        return loops.computeIfAbsent(loop, _ -> new OfLoop());
    }

    /** The sums over all loops, by name; completes on any thread. */
    public CompletableFuture<List<RequestFigures>> figures() {
        List<CompletableFuture<List<RequestFigures>>> parts = new ArrayList<>();
        loops.forEach((loop, numbers) -> parts
                .add(CompletableFuture.supplyAsync(numbers::copy, loop)));
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new)).thenApply(_ -> {
            Map<String, RequestFigures> sums = new TreeMap<>();
            parts.forEach(part -> part.join().forEach(
                    it -> sums.put(it.api(), sum(it, Optional.ofNullable(sums.get(it.api()))))));
            return List.copyOf(sums.values());
        });
    }

    private static RequestFigures sum(RequestFigures one, Optional<RequestFigures> other) {
        if (other.isEmpty()) {
            return one;
        }
        long[] classes = one.classes().clone();
        for (int index = 0; index < classes.length; index++) {
            classes[index] += other.get().classes()[index];
        }
        return new RequestFigures(one.api(), one.failed() + other.get().failed(),
                one.totalUs() + other.get().totalUs(), classes);
    }
}
