package io.taffrail.log.local;

import io.taffrail.log.LogFailedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Appends of one log that are not durable yet, in offset order. Bounded by the unforced bytes that
 * the journal admits. Owner's thread only.
 */
final class PendingAppends {

    static final CompletableFuture<Void> DURABLE = CompletableFuture.completedFuture(null);

    /** The end of the log when {@code group} is durable. */
    record Pending(long endOffset, long group, int segment, int endPosition,
            CompletableFuture<Void> durable) {}

    private final ArrayDeque<Pending> waiting = new ArrayDeque<>();

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** The group that the newest pending append waits for. There must be a pending append. */
    long lastGroup() {
        return waiting.getLast().group;
    }

    CompletableFuture<Void> add(long endOffset, long group, int segment, int endPosition) {
        CompletableFuture<Void> durable = new CompletableFuture<>();
        waiting.add(new Pending(endOffset, group, segment, endPosition, durable));
        return durable;
    }

    /**
     * Returns a future that completes when the record at {@code offset} is durable. The record must
     * have been appended.
     */
    CompletableFuture<Void> durableAt(long offset) {
        for (Pending each : waiting) {
            if (each.endOffset > offset) {
                return each.durable;
            }
        }
        return DURABLE;
    }

    /**
     * Removes the appends that are durable with {@code group} and adds their futures to
     * {@code done}, which the caller completes. Returns the last of them, or {@code null} if
     * there were none.
     */
    @Nullable
    Pending take(long group, List<CompletableFuture<Void>> done) {
        Pending last = null;
        while (!waiting.isEmpty() && waiting.peek().group <= group) {
            last = waiting.poll();
            done.add(last.durable);
        }
        return last;
    }

    void fail(LogFailedException failure) {
        List<Pending> failed = new ArrayList<>(waiting);
        waiting.clear();
        failed.forEach(it -> it.durable.completeExceptionally(failure));
    }

    /** Adjusts segment indexes after {@code dropped} older segments were removed. */
    void shift(int dropped) {
        if (dropped == 0) {
            return;
        }
        for (int i = waiting.size(); i > 0; i--) {
            Pending it = waiting.poll();
            waiting.add(new Pending(it.endOffset, it.group, it.segment - dropped, it.endPosition,
                    it.durable));
        }
    }
}
