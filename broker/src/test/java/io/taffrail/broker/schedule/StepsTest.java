package io.taffrail.broker.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

class StepsTest {

    private final SteppedOwner owner = new SteppedOwner();
    private long nowMs = 1000;
    private final Steps steps = new Steps(owner, () -> Instant.ofEpochMilli(nowMs));
    private final List<String> done = new ArrayList<>();

    /** A step with {@code left} messages of work that records its name after each run. */
    private Steps.Step work(String name, int[] left, int bytes, IntConsumer each) {
        return new Steps.Step() {
            @Override
            public void run(Budget budget) {
                int before = left[0];
                while (left[0] > 0 && !budget.isSpent()) {
                    budget.spend(bytes);
                    each.accept(left[0]--);
                }
                done.add(name + (before - left[0]));
                if (left[0] > 0) {
                    steps.add(this);
                }
            }
        };
    }

    private void runAll() {
        while (!owner.isIdle()) {
            assertThat(owner.runOne()).isTrue();
        }
    }

    @Test
    void aStepEndsAfterSoManyMessages() {
        steps.add(work("a", new int[]{2500}, 1, _ -> {}));

        runAll();

        assertThat(done).containsExactly("a1024", "a1024", "a452");
    }

    @Test
    void aStepEndsAfterSoManyBytes() {
        steps.add(work("a", new int[]{5}, Budget.MAX_BYTES / 2, _ -> {}));

        runAll();

        assertThat(done).containsExactly("a2", "a2", "a1");
    }

    @Test
    void aStepEndsAfterSoMuchTime() {
        steps.add(work("a", new int[]{60}, 1, left -> nowMs += left % 16 == 0 ? 1 : 0));

        runAll();

        assertThat(done.size()).isGreaterThan(1);
        assertThat(done.getFirst()).isEqualTo("a32");
    }

    @Test
    void thoseWhoHaveMuchToDoTakeTurnsAndShareOneBudget() {
        steps.add(work("a", new int[]{1500}, 1, _ -> {}));
        steps.add(work("b", new int[]{1100}, 1, _ -> {}));

        assertThat(owner.runOne()).isTrue();
        assertThat(done).as("the first task").containsExactly("a1024");
        runAll();

        assertThat(done).containsExactly("a1024", "b1024", "a476", "b76");
    }

    @Test
    void stepsThatFindNothingToDoAreWorkToo() {
        for (int index = 0; index < 3000; index++) {
            steps.add(_ -> done.add("nothing"));
        }

        assertThat(owner.runOne()).isTrue();

        assertThat(done).as("in the first task").hasSize(Budget.MAX_COUNT);
        runAll();
        assertThat(done).hasSize(3000);
    }

    @Test
    void otherTasksRunBetweenTwoSteps() {
        steps.add(work("a", new int[]{2000}, 1, _ -> {}));
        assertThat(owner.runOne()).isTrue();

        owner.execute(() -> done.add("other"));
        runAll();

        assertThat(done).containsExactly("a1024", "other", "a976");
    }

    @Test
    void aStepThatThrowsStopsNoOther() {
        steps.add(_ -> {
            throw new IllegalStateException("fails");
        });
        steps.add(work("a", new int[]{1}, 1, _ -> {}));

        runAll();

        assertThat(done).containsExactly("a1");
    }
}
