package io.taffrail.broker.vhost;

import io.taffrail.broker.cursor.CursorLog.FailureListener;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.queue.DelayedMessages;
import io.taffrail.broker.queue.DelayedMessages.Pending;
import io.taffrail.broker.queue.QueueContext;
import io.taffrail.log.Durability;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The delayed messages of one virtual host; their log is opened with the first exchange that delays
 * messages. Owner thread only.
 */
final class Delays implements PendingMessages {

    /** First part of the id of their log; the rest identifies the host. */
    static final String ID = "delayed.";

    private final QueueOpener opener;
    private final QueueContext context;
    private final String id;
    private DelayedMessages.@Nullable Sink sink;
    private FailureListener onFailed = (_, _) -> {};
    private @Nullable DelayedMessages messages;

    Delays(QueueOpener opener, QueueContext context, String id) {
        this.opener = opener;
        this.context = context;
        this.id = id;
    }

    /** Sets the receiver of messages that are due. */
    void sink(DelayedMessages.Sink to) {
        sink = to;
    }

    /** Opens the delayed messages if they are not open; completes on the owner's thread. */
    CompletableFuture<Void> open() {
        DelayedMessages.Sink to = sink;
        if (messages != null || to == null) {
            return CompletableFuture.completedFuture(null);
        }
        return opener.open(id, Durability.FSYNC, false)
                .thenComposeAsync(logs -> DelayedMessages.opening(logs, context, to),
                        context.owner())
                .thenAccept(opened -> {
                    opened.onFailed(onFailed);
                    messages = opened;
                });
    }

    /** Sets the listener that is told when the state of the delayed messages is in doubt. */
    void onFailed(FailureListener listener) {
        onFailed = listener;
    }

    /** Reopens the delayed messages from their logs; completes on the owner's thread. */
    CompletableFuture<Void> reopen() {
        return context.turn().ended().thenCompose(_ -> {
            close();
            messages = null;
            return opener.renewed();
        }).thenComposeAsync(_ -> open(), context.owner());
    }

    /** The name under which they are listed in quarantine: that of their log. */
    String name() {
        return QueueOpener.QUEUE + id;
    }

    /** Delays a message; false if the delayed messages are not open or have failed. */
    boolean add(Message message) {
        if (messages == null || messages.isFailed()) {
            return false;
        }
        messages.add(message);
        return true;
    }

    @Override
    public long count() {
        return messages == null ? 0 : messages.count();
    }

    @Override
    public List<Pending> list(long from, int most) {
        return messages == null ? List.of() : messages.list(from, most);
    }

    @Override
    public CompletableFuture<Boolean> cancel(long number) {
        DelayedMessages open = messages;
        if (open == null) {
            return CompletableFuture.completedFuture(false);
        }
        boolean[] found = new boolean[1];
        return context.turn().alone(() -> found[0] = open.cancel(number))
                .thenApply(_ -> found[0]);
    }

    /** Tries a message again that had to wait. */
    void retry(long number) {
        if (messages != null) {
            messages.retry(number);
        }
    }

    void close() {
        if (messages != null) {
            messages.close();
        }
    }
}
