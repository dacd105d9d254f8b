package io.taffrail.broker.turn;

import io.taffrail.log.spi.LogEngine.LogAppend;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The appends of one turn, each with the member that made it. Owner thread only. */
public final class TurnAppends {

    private List<LogAppend> appends = new ArrayList<>();
    private List<TurnMember> members = new ArrayList<>();
    private final List<CompletableFuture<Void>> elsewhere = new ArrayList<>(0);
    private final List<TurnMember> inMemory = new ArrayList<>(0);
    private final List<TurnListener> listeners = new ArrayList<>(0);

    TurnAppends() {}

    /** Adds a batch. The log owns the buffer until the turn is stored. */
    public void add(TurnMember member, WritableLog log, ByteBuffer batch) {
        appends.add(new LogAppend(log, batch));
        members.add(member);
    }

    /**
     * Adds an append that another owner stores, outside of this turn's commit.
     *
     * @param durable
     *            completes on the thread of the turn's owner
     */
    public void addElsewhere(CompletableFuture<Void> durable) {
        elsewhere.add(durable);
    }

    /** Adds a member whose part is in memory only: it has no append, but is told of a refusal. */
    public void addInMemory(TurnMember member) {
        inMemory.add(member);
    }

    /** Adds a listener that is told the outcome of the turn that is being collected. */
    public void listen(TurnListener listener) {
        listeners.add(listener);
    }

    List<TurnListener> listeners() {
        return listeners;
    }

    List<TurnMember> inMemory() {
        return inMemory;
    }

    /**
     * Runs {@code then} when all appends of other owners are durable, or with the reason of a
     * failure.
     */
    void whenElsewhere(Consumer<@Nullable String> then) {
        if (elsewhere.isEmpty()) {
            then.accept(null);
            return;
        }
        var _ = CompletableFuture.allOf(elsewhere.toArray(CompletableFuture[]::new))
                .whenComplete((_, failure) -> then.accept(
                        failure == null ? null : String.valueOf(failure.getMessage())));
    }

    /** Removes the appends of these members. */
    void remove(Set<TurnMember> failed) {
        List<LogAppend> left = new ArrayList<>(appends.size());
        List<TurnMember> theirs = new ArrayList<>(appends.size());
        for (int index = 0; index < appends.size(); index++) {
            if (!failed.contains(members.get(index))) {
                left.add(appends.get(index));
                theirs.add(members.get(index));
            }
        }
        appends = left;
        members = theirs;
    }

    void clear() {
        appends = List.of();
        members = List.of();
    }

    List<LogAppend> appends() {
        return appends;
    }

    TurnMember member(int index) {
        return members.get(index);
    }
}
