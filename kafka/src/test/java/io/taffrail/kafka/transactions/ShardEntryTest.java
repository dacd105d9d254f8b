package io.taffrail.kafka.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardEntryTest {

    private final List<Runnable> timers = new ArrayList<>();
    private final List<String> run = new ArrayList<>();
    private final ShardEntry entry = new ShardEntry();

    private boolean await(String name) {
        return entry.await((_, task) -> {
            timers.add(task);
            return () -> timers.remove(task);
        }, () -> run.add(name));
    }

    @Test
    void requestsRunInOrderWhenTheEntryIsFree() {
        await("a");
        await("b");
        assertThat(run).isEmpty();

        entry.wake();

        assertThat(run).containsExactly("a", "b");
        assertThat(timers).isEmpty();
        entry.wake();
        assertThat(run).hasSize(2);
    }

    @Test
    void requestThatWaitedLongEnoughRunsOnce() {
        await("a");
        await("b");
        timers.getFirst().run();
        assertThat(run).containsExactly("a");

        entry.wake();

        assertThat(run).containsExactly("a", "b");
    }

    @Test
    void fewRequestsWait() {
        for (int i = 0; i < 4; i++) {
            assertThat(await("waits")).isTrue();
        }
        assertThat(await("one more")).isFalse();
        assertThat(timers).hasSize(4);
    }

    @Test
    void entryIsBusyWhileItsTransactionEnds() {
        TransactionalId empty = TransactionalId.first("x", 1, 1, 1);
        entry.state = empty;
        assertThat(entry.isBusy()).isFalse();
        entry.writing = true;
        assertThat(entry.isBusy()).isTrue();
        entry.writing = false;
        entry.state = empty.ending(true, 2);
        assertThat(entry.isBusy()).isTrue();
        entry.state = empty.ending(true, 2).ended(3);
        assertThat(entry.isBusy()).isFalse();
    }
}
