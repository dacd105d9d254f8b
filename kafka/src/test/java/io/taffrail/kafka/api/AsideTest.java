package io.taffrail.kafka.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class AsideTest {

    private static final long LARGE = 64 << 20;

    /** Worker threads that were requested and have not started. */
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final Aside aside = new Aside(threads::add);
    private final List<String> ran = new ArrayList<>();

    private void give(String client, long costBytes) {
        aside.execute(client, costBytes, () -> ran.add(client));
    }

    private void run() {
        while (!threads.isEmpty()) {
            threads.remove().run();
        }
    }

    /** Runs a first task that submits the other tasks while it runs. */
    private void during(Runnable others) {
        aside.execute("first", LARGE, others);
        run();
    }

    @Test
    void aSmallTaskGoesBeforeLargeOnesThatCameEarlier() {
        during(() -> {
            for (int client = 0; client < 100; client++) {
                give("large", LARGE);
            }
            give("small", 1000);
        });
        assertThat(ran).hasSize(101).startsWith("small");
    }

    @Test
    void aSmallTaskDoesNotWaitForALargeOneToEnd() {
        aside.execute("large", LARGE, () -> {
            give("small", 1000);
            assertThat(threads).hasSize(1);
            threads.remove().run();
            assertThat(ran).containsExactly("small");
            give("large too", LARGE);
            assertThat(threads).isEmpty();
        });
        run();
        assertThat(ran).containsExactly("small", "large too");
    }

    @Test
    void whatAskedForLittleGoesFirstAlsoWhereManyHaveWaitedForLong() {
        during(() -> {
            for (int client = 0; client < 30; client++) {
                int number = client;
                aside.execute("large " + client, LARGE, () -> {
                    ran.add("large");
                    if (number == 15) {
                        give("little", 4 * Aside.SMALL_BYTES);
                    }
                });
            }
        });
        assertThat(ran.indexOf("little")).isBetween(16, 17);
    }

    @Test
    void aClientsTasksShareTheTimeWithThoseOfOthers() {
        during(() -> {
            for (int task = 0; task < 10; task++) {
                give("many", LARGE);
            }
            give("one", LARGE);
        });
        assertThat(ran.indexOf("one")).isLessThanOrEqualTo(1);
    }

    @Test
    void aTaskThatIsGivenInStepsLetsOthersBetween() {
        class Steps implements Runnable {
            int left = 20;

            @Override
            public void run() {
                ran.add("steps");
                if (--left > 0) {
                    aside.execute("steps", LARGE, this);
                }
            }
        }
        during(() -> {
            aside.execute("steps", LARGE, new Steps());
            give("other", LARGE);
        });
        assertThat(ran).hasSize(21);
        assertThat(ran.indexOf("other")).isLessThanOrEqualTo(1);
    }

    @Test
    void aLargeTaskIsNotKeptWaitingByEverMoreSmallOnes() {
        class Small implements Runnable {
            int left;

            Small(int tasks) {
                left = tasks;
            }

            @Override
            public void run() {
                ran.add("small");
                if (--left > 0) {
                    aside.execute("small " + left, Aside.SMALL_BYTES, this);
                }
            }
        }
        during(() -> {
            give("large", LARGE);
            aside.execute("small", Aside.SMALL_BYTES, new Small(100));
        });
        assertThat(ran.indexOf("large")).isLessThan(Aside.LONGEST_WAIT_PART);
    }

    @Test
    void anExpensiveTaskWaitsForAFewTasksOfEachClientBeforeIt() {
        int clients = 5;
        class Busy implements Runnable {
            int left = 100;

            @Override
            public void run() {
                ran.add("busy");
                if (--left > 0) {
                    aside.execute(new Object(), LARGE, this);
                }
            }
        }
        during(() -> {
            for (int client = 0; client < clients; client++) {
                aside.execute(new Object(), LARGE, new Busy());
            }
            give("expensive", 1000 * LARGE);
        });
        assertThat(ran.indexOf("expensive"))
                .isLessThanOrEqualTo((clients + 1) * Aside.LONGEST_WAIT_PART);
    }

    @Test
    void everyTaskRunsOnce() {
        long seed = Long.getLong("taffrail.seed", new Random().nextLong());
        Random random = new Random(seed);
        int given = 0;
        for (int round = 0; round < 2000; round++) {
            give("client " + random.nextInt(3000), random.nextLong(2 * Aside.SMALL_BYTES));
            given++;
            if (random.nextInt(3) == 0 && !threads.isEmpty()) {
                threads.remove().run();
            }
        }
        run();
        assertThat(ran).as("seed %d", seed).hasSize(given);
    }

    @Test
    void aTaskThatFailsHoldsNobodyUp() {
        aside.execute("failing", LARGE, () -> {
            throw new IllegalStateException("made to fail");
        });
        give("other", LARGE);
        run();
        assertThat(ran).containsExactly("other");
    }

    @Test
    void whatAStoppingBrokerRejectsDoesNotRunLater() {
        List<Runnable> accepted = new ArrayList<>();
        boolean[] stopped = {true};
        Aside stopping = new Aside(work -> {
            if (stopped[0]) {
                throw new RejectedExecutionException("stopped");
            }
            accepted.add(work);
        });
        Runnable rejected = () -> ran.add("rejected");
        assertThatThrownBy(() -> stopping.execute("a", 1, rejected))
                .isInstanceOf(RejectedExecutionException.class);
        stopped[0] = false;
        stopping.execute("a", 1, () -> ran.add("taken"));
        accepted.forEach(Runnable::run);
        assertThat(ran).containsExactly("taken");
    }
}
