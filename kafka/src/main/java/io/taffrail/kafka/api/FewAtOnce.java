package io.taffrail.kafka.api;

import io.taffrail.log.guard.FailStop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Executor of the changes of one request, at most {@link #AT_ONCE} at a time. The broker executes
 * changes in order of arrival, so changes of other clients wait for a few changes of this request
 * instead of all of them. For one use. Its steps run one after another, on the threads that
 * complete the changes.
 */
public final class FewAtOnce<Q, R> {

    /** Large enough for changes to share a force of the journal. */
    static final int AT_ONCE = 32;

    private final List<Q> changes;
    private final Function<Q, ? extends CompletionStage<R>> change;
    private final List<R> results;
    private final CompletableFuture<List<R>> result = new CompletableFuture<>();

    private FewAtOnce(List<Q> changes, Function<Q, ? extends CompletionStage<R>> change) {
        this.changes = changes;
        this.change = change;
        this.results = new ArrayList<>(changes.size());
    }

    /**
     * Executes all changes.
     *
     * @param change
     *            starts one change; if it throws or its stage fails, the result fails
     * @return the results, in the order of the changes
     */
    public static <Q, R> CompletableFuture<List<R>> of(List<Q> changes,
            Function<Q, ? extends CompletionStage<R>> change) {
        FewAtOnce<Q, R> all = new FewAtOnce<>(changes, change);
        all.go();
        return all.result;
    }

    private void go() {
        try {
            while (results.size() < changes.size()) {
                List<CompletableFuture<R>> few = changes
                        .subList(results.size(),
                                Math.min(changes.size(), results.size() + AT_ONCE))
                        .stream().map(it -> change.apply(it).toCompletableFuture()).toList();
                CompletableFuture<Void> done = CompletableFuture
                        .allOf(few.toArray(CompletableFuture[]::new));
                if (!done.isDone()) {
                    var _ = done.whenComplete((_, failure) -> next(few, failure));
                    return;
                }
                few.forEach(each -> results.add(each.join()));
            }
            result.complete(results);
        } catch (Throwable e) {
            FailStop.check(e);
            result.completeExceptionally(e);
        }
    }

    private void next(List<CompletableFuture<R>> few, @Nullable Throwable failure) {
        if (failure != null) {
            result.completeExceptionally(failure);
            return;
        }
        few.forEach(each -> results.add(each.join()));
        go();
    }
}
