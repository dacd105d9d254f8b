package io.taffrail.http.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
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
    void whatIsNotNeededIsGivenBack() {
        int taken = room.keep(room.take(8 << 20), 2 << 20);

        room.give(room.take(6 << 20, Duration.ZERO));
        assertThatThrownBy(() -> room.take(7 << 20, Duration.ofMillis(1)))
                .isInstanceOf(HttpProblem.class).hasMessageContaining("too many");
        room.give(taken);
        room.give(room.take(8 << 20, Duration.ZERO));
        assertThat(room.keep(room.take(8 << 20, Duration.ZERO), 0)).isZero();
        assertThat(room.take(8 << 20, Duration.ZERO)).isPositive();
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
