package io.taffrail.kafka.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BackpressureTest {

    private final AtomicLong unforced = new AtomicLong();
    private final Backpressure backpressure = new Backpressure(100, 50, unforced::get);

    @Test
    void roomIsBounded() {
        assertThat(backpressure.reserve(60)).isTrue();
        assertThat(backpressure.reserve(41)).isFalse();
        assertThat(backpressure.reserve(40)).isTrue();
        assertThat(backpressure.queuedBytes()).isEqualTo(100);
    }

    @Test
    void oneRequestIsAlwaysTaken() {
        assertThat(backpressure.reserve(1000)).isTrue();
        assertThat(backpressure.reserve(1)).isFalse();
    }

    @Test
    void thoseThatWaitLookAgainWhenRoomIsGivenBack() {
        AtomicInteger looks = new AtomicInteger();
        assertThat(backpressure.reserve(100)).isTrue();
        backpressure.await(looks::incrementAndGet);
        assertThat(looks).hasValue(0);

        backpressure.release(100);
        backpressure.release(0);

        assertThat(looks).hasValue(1);
    }

    @Test
    void storageIsOpenUntilTooMuchIsUnforced() {
        unforced.set(50);
        assertThat(backpressure.storageOpen()).isTrue();
        unforced.set(51);
        assertThat(backpressure.storageOpen()).isFalse();
    }
}
