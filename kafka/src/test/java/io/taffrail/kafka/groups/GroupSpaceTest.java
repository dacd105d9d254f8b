package io.taffrail.kafka.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.schedule.TimeSource;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class GroupSpaceTest {

    private static final long LIMIT = 1000;

    private final GroupSpace space = new GroupSpace(LIMIT, TimeSource.system());
    private final Queue<CompletableFuture<Long>> measurements = new ArrayDeque<>();
    private long present;

    private CompletableFuture<Long> measure() {
        CompletableFuture<Long> measurement = new CompletableFuture<>();
        measurements.add(measurement);
        return measurement;
    }

    private CompletableFuture<Boolean> admit(long bytes) {
        return space.admit(bytes, this::measure,
                () -> CompletableFuture.completedFuture(present));
    }

    private void measured(long bytes) {
        measurements.remove().complete(bytes);
    }

    private void begin() {
        CompletableFuture<Boolean> first = admit(0);
        measured(0);
        assertThat(first.join()).isTrue();
    }

    @Test
    void theStateIsMeasuredBeforeAnythingIsAdmitted() {
        CompletableFuture<Boolean> first = admit(100);
        CompletableFuture<Boolean> second = admit(100);
        assertThat(first).isNotDone();
        measured(850);
        assertThat(first.join()).isNotEqualTo(second.join());
        assertThat(space.countedBytes()).isEqualTo(950);
        assertThat(measurements).isEmpty();
    }

    @Test
    void whatWasAddedIsMeasuredWhereItReachesTheLimit() {
        begin();
        assertThat(admit(600).join()).isTrue();
        CompletableFuture<Boolean> more = admit(600);
        assertThat(more).isNotDone();
        measured(300);
        assertThat(more.join()).isTrue();
        assertThat(space.countedBytes()).isEqualTo(900);
    }

    @Test
    void whatIsAddedDuringAMeasurementCountsBesides() {
        begin();
        assertThat(admit(600).join()).isTrue();
        CompletableFuture<Boolean> large = admit(900);
        assertThat(admit(100).join()).isTrue();
        measured(0);
        assertThat(large.join()).isTrue();
        assertThat(space.countedBytes()).isEqualTo(1000);
    }

    @Test
    void whatTakesThePlaceOfAsMuchPassesAtTheLimit() {
        CompletableFuture<Boolean> small = admit(100);
        present = 100;
        measured(5000);
        assertThat(small.join()).isTrue();
        present = 99;
        CompletableFuture<Boolean> large = admit(100);
        measured(5000);
        assertThat(large.join()).isFalse();
    }

    @Test
    void groupsThatAreLoadedDuringAMeasurementAreMeasuredAgain() {
        CompletableFuture<Boolean> first = admit(100);
        space.unknown();
        measured(0);
        assertThat(first).isNotDone();
        measured(950);
        assertThat(first.join()).isFalse();
    }

    @Test
    void aMeasurementThatFailsLeavesTheCount() {
        begin();
        assertThat(admit(600).join()).isTrue();
        CompletableFuture<Boolean> more = admit(600);
        measurements.remove().completeExceptionally(new IllegalStateException("stopping"));
        assertThat(more.join()).isFalse();
        assertThat(admit(400).join()).isTrue();
    }
}
