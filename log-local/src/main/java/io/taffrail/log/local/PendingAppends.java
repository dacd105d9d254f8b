package io.taffrail.log.local;

import io.taffrail.log.LogFailedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Appends of one log on their way to disk, in offset order; bounded by what the journal may hold
 * unforced. Owner's thread only.
 */
final class PendingAppends {

    static final CompletableFuture<Void> DURABLE = CompletableFuture.completedFuture(null);

    /** Where the log will end when {@code group} is durable. */
    record Pending(long endOffset, long group, int segment, int endPosition,
            CompletableFuture<Void> durable) {}

    private final ArrayDeque<Pending> waiting = new ArrayDeque<>();

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** The group that the newest append waits for; there must be one. */
    long lastGroup() {
        return waiting.getLast().group;
    }

    CompletableFuture<Void> add(long endOffset, long group, int segment, int endPosition) {
        CompletableFuture<Void> durable = new CompletableFuture<>();
        waiting.add(new Pending(endOffset, group, segment, endPosition, durable));
        return durable;
    }

    /** Completes when the record at {@code offset}, which was appended before, is durable. */
    CompletableFuture<Void> durableAt(long offset) {
        for (Pending each : waiting) {
            if (each.endOffset > offset) {
                return each.durable;
            }
        }
        return DURABLE;
    }

    /**
     * Takes out what is durable with {@code group} into {@code done}, to be completed by the
     * caller; returns the last of it, or {@code null} if there was none.
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

    /** Segments are named by index; those move when {@code dropped} older ones go. */
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
