package io.taffrail.kafka.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FewAtOnceTest {

    private static final List<Integer> MANY = IntStream.range(0, 100_000).boxed().toList();

    private final List<CompletableFuture<Integer>> begun = new ArrayList<>();

    private CompletableFuture<Integer> begin(int change) {
        CompletableFuture<Integer> result = new CompletableFuture<>();
        begun.add(result);
        return result.thenApply(answer -> answer + change);
    }

    @Test
    void aFewAreUnderWayAndTheNextWaitForThem() {
        CompletableFuture<List<Integer>> all = FewAtOnce.of(MANY.subList(0, 40), this::begin);
        assertThat(begun).hasSize(FewAtOnce.AT_ONCE);
        begun.subList(1, FewAtOnce.AT_ONCE).forEach(it -> it.complete(1000));
        assertThat(begun).hasSize(FewAtOnce.AT_ONCE);
        begun.getFirst().complete(0);
        assertThat(begun).hasSize(40);
        begun.subList(FewAtOnce.AT_ONCE, 40).forEach(it -> it.complete(1000));
        assertThat(all.join()).hasSize(40).startsWith(0, 1001, 1002).endsWith(1038, 1039);
    }

    @Test
    void changesThatAreDoneAtOnceTakeNoStack() {
        assertThat(FewAtOnce.of(MANY, CompletableFuture::completedFuture).join()).isEqualTo(MANY);
        CompletableFuture<Integer> first = new CompletableFuture<>();
        CompletableFuture<List<Integer>> all = FewAtOnce.of(MANY,
                change -> change == 0 ? first : CompletableFuture.completedFuture(change));
        first.complete(0);
        assertThat(all.join()).isEqualTo(MANY);
    }

    @Test
    void aFailureIsTheResultAndEndsTheChanges() {
        CompletableFuture<List<Integer>> all = FewAtOnce.of(MANY, this::begin);
        begun.forEach(it -> it.completeExceptionally(new IllegalStateException("full")));
        assertThatThrownBy(all::join).hasRootCauseMessage("full");
        assertThat(begun).hasSize(FewAtOnce.AT_ONCE);

        assertThatThrownBy(FewAtOnce.of(MANY, _ -> {
            throw new IllegalStateException("none");
        })::join).hasRootCauseMessage("none");
    }
}
