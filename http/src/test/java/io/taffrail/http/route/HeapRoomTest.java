package io.taffrail.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HeapRoomTest {

    private final HeapRoom room = new HeapRoom(8 << 20);

    @Test
    void aLargeRequestWaitsUntilOthersHaveEnded() throws Exception {
        int first = room.take(5 << 20);
        CompletableFuture<Integer> second = CompletableFuture.supplyAsync(
                () -> room.take(4 << 20), Thread.ofVirtual()::start);

        assertThat(room.take(100)).as("small ones do not wait").isZero();
        assertThat(second).isNotCompleted();
        room.give(first);

        room.give(second.get(20, TimeUnit.SECONDS));
        assertThat(room.take(8 << 20)).isPositive();
    }

    @Test
    void aRequestThatNeedsMoreThanThereIsRunsAlone() throws Exception {
        int huge = room.take(Long.MAX_VALUE);
        CompletableFuture<Integer> next = CompletableFuture.supplyAsync(
                () -> room.take(1 << 20), Thread.ofVirtual()::start);

        assertThat(next).isNotCompleted();
        room.give(huge);
        assertThat(next.get(20, TimeUnit.SECONDS)).isPositive();
    }
}
