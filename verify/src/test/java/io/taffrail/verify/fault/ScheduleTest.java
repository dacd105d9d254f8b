package io.taffrail.verify.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final List<Fault> KINDS = List.of(Fault.KILL, Fault.STOP, Fault.POWER_CUT);

    private static Schedule schedule(long seed) {
        return new Schedule(KINDS, Duration.ofSeconds(4), new Random(seed));
    }

    @Test
    void bringsEveryFaultBeforeAnyComesAgain() {
        Schedule schedule = schedule(1);
        for (int round = 0; round < 5; round++) {
            assertThat(IntStream.range(0, 3).mapToObj(_ -> schedule.nextFault()))
                    .containsExactlyInAnyOrderElementsOf(KINDS);
        }
    }

    @Test
    void pausesAroundTheMean() {
        Schedule schedule = schedule(2);
        for (int i = 0; i < 100; i++) {
            assertThat(schedule.nextPause()).isBetween(Duration.ofSeconds(2),
                    Duration.ofSeconds(6));
        }
    }

    @Test
    void repeatsItselfWithTheSameSeed() {
        Schedule one = schedule(3);
        Schedule other = schedule(3);
        for (int i = 0; i < 20; i++) {
            assertThat(one.nextPause()).isEqualTo(other.nextPause());
            assertThat(one.nextFault()).isEqualTo(other.nextFault());
        }
    }

    @Test
    void faultsAreFoundByTheirLabels() {
        for (Fault fault : Fault.values()) {
            assertThat(Fault.of(fault.label())).contains(fault);
        }
        assertThat(Fault.of("kil")).isEmpty();
    }
}
