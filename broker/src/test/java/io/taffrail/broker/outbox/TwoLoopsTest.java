package io.taffrail.broker.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.topic.Partition;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test of dead letters from queue {@code q} to topic {@code t}. */
abstract class TwoLoopsTest {

    final TwoLoops world;

    TwoLoopsTest(Path directory) {
        world = new TwoLoops(directory);
    }

    @BeforeEach
    final void createTopic() {
        world.createTopic(Map.of());
    }

    @AfterEach
    final void close() {
        world.close();
    }

    /** True for a commit to an outbox. */
    static boolean sends(Set<String> logs) {
        return logs.stream().anyMatch(it -> it.startsWith("@outbox-"));
    }

    /** True for a commit to an inbox. */
    static boolean receives(Set<String> logs) {
        return logs.stream().anyMatch(it -> it.startsWith("@inbox-"));
    }

    /** The partition that does not belong to the owner of {@code q}. */
    final Partition elsewhere() {
        return world.partition(false);
    }

    final void publishAndReject(String... bodies) {
        for (String body : bodies) {
            assertThat(world.publish("", "q", body)).isTrue();
            world.reject("q");
        }
    }
}
