package io.taffrail.broker.outbox;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.MessageBatch;
import io.taffrail.broker.turn.Turn;
import io.taffrail.broker.turn.TurnAppends;
import io.taffrail.broker.turn.TurnMember;
import io.taffrail.log.AppendResult;
import io.taffrail.log.LogId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The path from the turns of one virtual host into the {@link Outbox} of its owner: one entry for
 * each destination and turn. Owner thread only.
 */
public final class OutboxWriter extends TurnMember {

    /** The messages for one destination in the open turn. */
    private static final class Part {
        private final MessageBatch batch = new MessageBatch();
        private @Nullable CompletableFuture<Void> tried;
        private final boolean moved;

        Part(boolean moved) {
            this.moved = moved;
        }
    }

    /** An entry handed to a turn for storage. */
    private record Collected(LogId to, ByteBuffer entry, boolean moved,
            @Nullable CompletableFuture<Void> tried) {}

    private final Outbox outbox;
    private final Turn turn;
    /** The open part of each destination; messages that were moved are in parts of their own. */
    private final Map<LogId, Part> open = new LinkedHashMap<>();
    /** Complete parts of this turn, in the order of their messages. */
    private final List<Map.Entry<LogId, Part>> sealed = new ArrayList<>(0);
    /** Entries in the order they were handed in; those of a refused turn come first. */
    private List<Collected> collected = new ArrayList<>();
    private int told;

    OutboxWriter(Outbox outbox, Turn turn) {
        this.outbox = outbox;
        this.turn = turn;
    }

    /** Whether a message may be added; otherwise it has to stay in its source, or is refused. */
    public boolean hasRoom() {
        return outbox.hasRoom();
    }

    /**
     * Whether messages for the destination are in flight; later ones must take the same path, or
     * would overtake them.
     */
    public boolean isBusyWith(LogId destination) {
        return open.containsKey(destination) || outbox.holds(destination)
                || collected.stream().anyMatch(it -> it.to.equals(destination));
    }

    /**
     * Adds a message for the log of another owner to this turn.
     *
     * @param moved
     *            whether the message was moved from elsewhere: it is then stored even if this turn
     *            is refused
     * @param awaited
     *            whether the turn completes only when the message was offered to its destination
     */
    public void add(LogId destination, Message message, long nowMs, boolean moved,
            boolean awaited) {
        Part last = open.get(destination);
        if (last != null && last.moved != moved) {
            sealed.add(Map.entry(destination, last));
            open.remove(destination);
        }
        Part part = open.computeIfAbsent(destination, _ -> new Part(moved));
        int before = part.batch.sizeBytes();
        part.batch.add(message, nowMs);
        if (awaited && part.tried == null) {
            part.tried = new CompletableFuture<>();
        }
        turn.join(this, part.batch.sizeBytes() - before);
    }

    @Override
    protected void collect(TurnAppends appends) {
        sealed.addAll(open.entrySet());
        for (Map.Entry<LogId, Part> each : sealed) {
            Part part = each.getValue();
            ByteBuffer entry = new OutboxEntry(each.getKey(), part.batch.take())
                    .encode(outbox.clock().millis());
            collected.add(new Collected(each.getKey(), entry, part.moved, part.tried));
            if (part.tried != null) {
                appends.addElsewhere(part.tried);
            }
        }
        sealed.clear();
        open.clear();
        told = 0;
        collected.forEach(it -> appends.add(this, outbox.log(), it.entry.duplicate()));
    }

    @Override
    protected void stored(AppendResult.Stored result) {
        Collected entry = collected.get(told);
        told++;
        outbox.stored(result.baseOffset(), entry.to, result.durable(), entry.tried);
        if (told == collected.size()) {
            collected = new ArrayList<>();
        }
    }

    @Override
    protected void refused(AppendResult.Refused refusal) {
        collected.removeIf(it -> !it.moved);
        if (!collected.isEmpty()) {
            turn.joinLater(this);
        }
    }

    /**
     * Drops the part of a turn that was not stored; the members it was bound to keep the messages.
     */
    @Override
    protected void failed(Throwable cause, boolean own) {
        collected.forEach(it -> fail(it.tried, cause));
        collected = new ArrayList<>();
        sealed.forEach(it -> fail(it.getValue().tried, cause));
        sealed.clear();
        open.values().forEach(it -> fail(it.tried, cause));
        open.clear();
        if (own) {
            outbox.failed(cause);
        }
    }

    private static void fail(@Nullable CompletableFuture<Void> tried, Throwable cause) {
        if (tried != null) {
            tried.completeExceptionally(cause);
        }
    }

    @Override
    public String toString() {
        return "the outbox " + outbox.log().id();
    }
}
