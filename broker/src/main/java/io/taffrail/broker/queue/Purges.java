package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.CursorLog;
import io.taffrail.log.guard.Guard;
import java.util.concurrent.CompletableFuture;

/**
 * The purges of one queue. A purge ends the open turn, so that one offset divides purged messages
 * from later ones; it settles them when all are readable and no requeue is under way, and is
 * answered when the settlement is durable. A crash before that undoes it. Owner thread only.
 */
final class Purges {

    private final Queue queue;
    private final MessageLog messages;
    private final Ready ready;
    private final CursorLog cursor;

    Purges(Queue queue, MessageLog messages, Ready ready, CursorLog cursor) {
        this.queue = queue;
        this.messages = messages;
        this.ready = ready;
        this.cursor = cursor;
    }

    /** Purges the queue; see {@link AnyQueue#purge}. */
    CompletableFuture<Long> begin() {
        CompletableFuture<Long> purged = new CompletableFuture<>();
        begin(purged);
        return purged;
    }

    private void begin(CompletableFuture<Long> purged) {
        messages.settleOffsets();
        if (messages.hasOffsets()) {
            // Messages to be stored again get offsets behind this end, and stay.
            await(ready.purge(messages.log().nextOffset(), messages.carriedBytes(),
                    queue.watching().arrivals()), purged);
        } else {
            later(purged, () -> begin(purged)); // A turn is being stored.
        }
    }

    /** Waits until the messages to be purged are readable, or their turn has failed. */
    private void await(Ready.Purge purge, CompletableFuture<Long> purged) {
        messages.whenReadable(purge.end(), _ -> {
            if (!queue.isOut() && messages.log().durableEnd() < purge.end()) {
                later(purged, () -> await(purge, purged)); // A turn has failed.
                return;
            }
            queue.requeues().whenNone(() -> attempt(purged, () -> settle(purge, purged)));
        });
    }

    /** Runs a step; what it throws fails the queue, and the purge is answered. */
    private void attempt(CompletableFuture<Long> purged, Runnable step) {
        Guard.run(step, cause -> {
            purged.completeExceptionally(cause);
            queue.failed(cause);
        });
    }

    private void later(CompletableFuture<Long> purged, Runnable again) {
        queue.context().owner().execute(() -> {
            if (queue.isOut()) {
                purged.complete(0L);
            } else {
                attempt(purged, again);
            }
        });
    }

    private void settle(Ready.Purge purge, CompletableFuture<Long> purged) {
        if (queue.isOut()) {
            ready.forget(purge);
            purged.complete(0L);
            return;
        }
        long count = queue.purge(purge);
        ready.forget(purge);
        var _ = cursor.recorded().whenComplete((_, failure) -> {
            if (failure == null) {
                purged.complete(count);
            } else {
                purged.completeExceptionally(failure);
            }
        });
    }
}
