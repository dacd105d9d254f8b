package io.taffrail.broker.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoginDelaysTest {

    private static final InetAddress HERE = address(1);
    private static final InetAddress THERE = address(2);

    private long now = 1;
    private final LoginDelays delays = new LoginDelays(() -> now);

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[]{10, 0, (byte) (last >> 8), (byte) last});
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private void fail(int times, InetAddress from, String user) {
        for (int count = 0; count < times; count++) {
            delays.failed(from, user);
        }
    }

    private long delayMs(InetAddress from, String user) {
        LoginDelays.Turn turn = delays.next(from, user);
        return turn.isRefused() ? -1 : Duration.ofNanos(turn.delayNs()).toMillis();
    }

    @Test
    void threeFailuresAreFreeAndThenTheDelayDoublesUpToALimit() {
        fail(2, HERE, "root");
        assertThat(delayMs(HERE, "root")).isZero();
        long[] expected = {250, 500, 1000, 2000, 4000, 5000, 5000};
        for (long delay : expected) {
            fail(1, HERE, "root");
            assertThat(delayMs(HERE, "root")).isEqualTo(delay);
            now += Duration.ofMillis(delay).toNanos();
        }
    }

    @Test
    void attemptsAtOnceGetTurnsOneAfterTheOtherAndThoseTooFarOffAreRefused() {
        fail(8, HERE, "root");

        assertThat(delayMs(HERE, "root")).isEqualTo(5000);
        assertThat(delayMs(HERE, "root")).isEqualTo(-1);
        now += Duration.ofSeconds(5).toNanos();
        assertThat(delayMs(HERE, "root")).isEqualTo(5000);
    }

    @Test
    void guessesDoNotDelayWhoKnowsThePassword() {
        delays.succeeded(HERE, "anna");
        fail(100, HERE, "root");
        fail(100, THERE, "anna");

        assertThat(delayMs(HERE, "anna")).isZero();
        assertThat(delayMs(HERE, "ben")).isPositive();
        assertThat(delayMs(THERE, "anna")).isPositive();
    }

    @Test
    void manyUsersTriedFromOneAddressAndOneUserFromManyAreDelayedToo() {
        for (int count = 0; count < 30; count++) {
            fail(1, HERE, "user" + count);
            fail(1, address(100 + count), "root");
        }

        assertThat(delayMs(HERE, "another")).isPositive();
        assertThat(delayMs(THERE, "root")).isPositive();
        assertThat(delayMs(THERE, "another")).isZero();
    }

    @Test
    void successMakesUpForFailuresOfThatUserThereAlone() {
        fail(40, HERE, "anna");
        delays.succeeded(HERE, "anna");

        assertThat(delayMs(HERE, "anna")).isZero();
        assertThat(delayMs(HERE, "root")).isPositive();
    }

    @Test
    void failuresAreForgottenAMinuteAfterTheLast() {
        fail(10, HERE, "root");
        now += Duration.ofSeconds(61).toNanos();

        assertThat(delayMs(HERE, "root")).isZero();
    }

    @Test
    void tableIsBounded() {
        for (int count = 0; count < 50_000; count++) {
            delays.failed(address(count), "user" + count);
        }

        assertThat(delays.entries()).isLessThanOrEqualTo(LoginDelays.MOST_ENTRIES);
    }
}
