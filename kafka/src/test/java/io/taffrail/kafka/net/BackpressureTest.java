package io.taffrail.kafka.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BackpressureTest {

    private final AtomicLong unforced = new AtomicLong();
    private final Backpressure backpressure = new Backpressure(50, unforced::get);
    private final List<String> woken = new ArrayList<>();

    @Test
    void storageIsOpenUntilTooMuchIsUnforced() {
        unforced.set(50);
        assertThat(backpressure.storageOpen()).isTrue();
        unforced.set(51);
        assertThat(backpressure.storageOpen()).isFalse();
    }

    @Test
    void requestsOnTheirWayCount() {
        unforced.set(20);
        backpressure.handOver(31);
        assertThat(backpressure.storageOpen()).isFalse();
        backpressure.taken(31);
        assertThat(backpressure.storageOpen()).isTrue();
    }

    @Test
    void thoseThatWaitLookAgainOnceInTheirOrder() {
        Backpressure.Waiter second = () -> woken.add("second");
        backpressure.await(() -> woken.add("first"));
        backpressure.await(second);
        backpressure.await(second);
        assertThat(backpressure.waiting()).isEqualTo(2);

        backpressure.handOver(1);
        backpressure.taken(1);
        backpressure.wake();

        assertThat(woken).containsExactly("first", "second");
    }

    @Test
    void aConnectionThatWaitsAgainAndAgainWaitsOnce() {
        Backpressure.Waiter look = () -> woken.add("look");
        for (int i = 0; i < 1000; i++) {
            backpressure.await(look);
        }
        assertThat(backpressure.waiting()).isEqualTo(1);
        backpressure.leave(look);
        backpressure.wake();
        assertThat(woken).isEmpty();
    }
}
