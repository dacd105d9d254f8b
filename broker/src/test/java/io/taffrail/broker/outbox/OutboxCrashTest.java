package io.taffrail.broker.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.topic.Partition;
import io.taffrail.log.Refusal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A crash after any task of the two owners leaves each letter either in its queue or in the other
 * owner's topic, never in both or in neither, and in the order in which it was sent.
 */
class OutboxCrashTest {

    private static final int LETTERS = 4;
    private static final int MOST_TASKS = 12;

    private final List<String> bodies = new ArrayList<>();

    @Test
    void everyLetterIsInOnePlaceWhereverTheCrashCame(@TempDir Path directory) {
        for (int index = 0; index < LETTERS; index++) {
            bodies.add("m" + index);
        }
        long seed = Long.getLong("seed", ThreadLocalRandom.current().nextLong());
        Random random = new Random(seed);
        for (int tasks = 1; tasks <= MOST_TASKS; tasks++) {
            crashAfter(tasks, directory.resolve("after-" + tasks), random.nextInt(3),
                    random.nextInt(3) > 0, "seed " + seed + ", after " + tasks);
        }
    }

    private void crashAfter(int tasks, Path directory, int refusals, boolean forced,
            String what) {
        try (TwoLoops world = new TwoLoops(directory)) {
            world.createTopic(Map.of());
            Partition to = world.partition(false);
            world.declare("q", to, Map.<String, FieldValue>of());
            for (String body : bodies) {
                assertThat(world.publish("", "q", body)).isTrue();
            }
            world.engine().refuse(Refusal.OVERLOADED, refusals, logs -> true);
            world.loops().dieAfter(tasks);
            for (int index = 0; index < LETTERS; index++) {
                var _ = world.rejectLater("q");
            }
            world.loops().awaitQuiet(() -> to.log().durableEnd() == LETTERS);

            world.crash(2, forced);

            List<String> sent = TwoLoops.bodies(world.partition(false));
            List<String> all = new ArrayList<>(sent);
            all.addAll(world.drain("q"));
            assertThat(all).as(what).containsExactlyElementsOf(bodies);
            world.restart();
            assertThat(TwoLoops.bodies(world.partition(false))).as(what)
                    .containsExactlyElementsOf(sent);
        }
    }
}
