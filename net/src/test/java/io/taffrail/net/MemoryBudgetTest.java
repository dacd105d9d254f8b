package io.taffrail.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryBudgetTest {

    private static final int FLOOR = MemoryBudget.FLOOR_BYTES;
    private static final int SHARE = 100_000;
    private static final long HALF = 1_000_000;

    private final MemoryBudget budget = new MemoryBudget(2 * HALF, SHARE, 1000);
    private final List<String> granted = new ArrayList<>();

    /** Fills the common half with connections that then stay idle. */
    private List<MemoryShare> fillCommonHalf() {
        List<MemoryShare> holders = new ArrayList<>();
        while (budget.chargedBytes() < HALF) {
            MemoryShare holder = budget.open();
            long left = HALF - budget.chargedBytes();
            assertThat(holder.tryCharge(Math.min(SHARE, FLOOR + left))).isTrue();
            holders.add(holder);
        }
        return holders;
    }

    private boolean charge(MemoryShare share, long bytes, String name) {
        return share.charge(bytes, () -> granted.add(name));
    }

    @Test
    void aSmallRequestIsAlwaysTaken() {
        fillCommonHalf();
        assertThat(budget.open().tryCharge(FLOOR)).isTrue();
        assertThat(budget.open().tryCharge(FLOOR + 1)).isFalse();
    }

    @Test
    void largeRequestsLeaveTheCommonHalfAlone() {
        MemoryShare large = budget.open();
        assertThat(large.tryCharge(SHARE + HALF)).isTrue();
        assertThat(budget.open().tryCharge(SHARE)).isTrue();
        assertThat(budget.open().tryCharge(SHARE + 1)).isFalse();
        large.release(1);
        assertThat(budget.open().tryCharge(SHARE + 1)).isTrue();
    }

    @Test
    void thoseThatWaitAreServedInTheirOrder() {
        List<MemoryShare> holders = fillCommonHalf();
        MemoryShare overdrawing = budget.open();
        charge(overdrawing, SHARE, "overdrawing");
        assertThat(granted).containsExactly("overdrawing");
        charge(budget.open(), 50_000, "a");
        charge(budget.open(), 40_000, "b");
        charge(budget.open(), 30_000, "c");
        assertThat(granted).hasSize(1);
        assertThat(budget.isShort()).isTrue();

        // The overdraft and one charge together need 142 kB: more than one holder releases,
        // less than two do.
        holders.get(0).close();
        assertThat(granted).hasSize(1);
        holders.get(1).close();

        assertThat(granted).containsExactly("overdrawing", "a", "b");
        holders.get(2).close();
        assertThat(granted).containsExactly("overdrawing", "a", "b", "c");
        assertThat(budget.isShort()).isFalse();
    }

    @Test
    void aNewcomerDoesNotOvertakeThoseThatWait() {
        List<MemoryShare> holders = fillCommonHalf();
        charge(budget.open(), SHARE, "overdrawing");
        charge(budget.open(), SHARE, "waits");
        holders.get(0).close();
        assertThat(budget.open().tryCharge(FLOOR + 1)).isFalse();
    }

    @Test
    void connectionsThatEachHoldHalfARequestAllComplete() {
        List<MemoryShare> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            MemoryShare share = budget.open();
            assertThat(share.tryCharge(HALF / 3)).isTrue();
            all.add(share);
        }
        MemoryShare last = budget.open();
        assertThat(charge(last, HALF, "last, half")).isFalse();
        for (int i = 0; i < all.size(); i++) {
            charge(all.get(i), HALF / 3 * 2, "whole " + i);
        }
        charge(last, HALF, "last, whole");

        // Each is processed once it is whole.
        for (int done = 0; done < 4; done++) {
            String name = granted.getLast();
            if (name.equals("last, half")) {
                continue;
            }
            MemoryShare share = name.startsWith("last")
                    ? last
                    : all.get(Integer.parseInt(name.substring(6)));
            share.requestWhole();
            share.release(share.heldBytes());
        }

        assertThat(granted).containsExactlyInAnyOrder("last, half", "last, whole", "whole 0",
                "whole 1", "whole 2");
    }

    @Test
    void oneRequestLargerThanEverythingIsTakenAlone() {
        MemoryShare first = budget.open();
        MemoryShare second = budget.open();
        charge(first, 10 * HALF, "first");
        charge(second, 10 * HALF, "second");
        assertThat(granted).containsExactly("first");

        first.requestWhole();
        charge(first, 10 * HALF, "first again");
        assertThat(granted).containsExactly("first");
        first.release(10 * HALF);

        assertThat(granted).containsExactly("first", "second");
        second.close();
        assertThat(granted).containsExactly("first", "second", "first again");
        first.close();
        assertThat(budget.chargedBytes()).isZero();
    }

    @Test
    void aConnectionThatOverdrewGoesOnBeforeOthers() {
        MemoryShare first = budget.open();
        MemoryShare second = budget.open();
        charge(first, 2 * HALF, "first");
        charge(second, 2 * HALF, "second");
        charge(first, 2 * HALF, "first, more of it");
        assertThat(granted).containsExactly("first", "first, more of it");
    }

    @Test
    void aClosedConnectionGivesBackEverythingAndWaitsForNothing() {
        List<MemoryShare> holders = fillCommonHalf();
        charge(budget.open(), SHARE, "overdrawing");
        MemoryShare gone = budget.open();
        charge(gone, SHARE, "gone");
        gone.close();
        holders.forEach(MemoryShare::close);
        assertThat(granted).containsExactly("overdrawing");
        assertThat(gone.tryCharge(1)).isFalse();

        MemoryShare held = holders.getFirst();
        held.release(SHARE);
        assertThat(budget.chargedBytes()).isEqualTo(SHARE - FLOOR);
    }

    @Test
    void aStoppedConnectionStillCountsWhatItHolds() {
        MemoryShare share = budget.open();
        assertThat(share.tryCharge(SHARE)).isTrue();
        share.stop();
        assertThat(share.tryCharge(1)).isFalse();
        assertThat(budget.chargedBytes()).isEqualTo(SHARE - FLOOR);
        share.release(SHARE);
        assertThat(budget.chargedBytes()).isZero();
    }

    @Test
    void oneWaitsOnceAtATime() {
        fillCommonHalf();
        charge(budget.open(), SHARE, "overdrawing");
        MemoryShare share = budget.open();
        charge(share, SHARE, "waits");
        assertThatThrownBy(() -> charge(share, SHARE, "again"))
                .isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void manyThreadsComeOutEven(int seed) throws InterruptedException {
        int threads = 4;
        AtomicLong most = new AtomicLong();
        List<Thread> running = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            Random random = new Random(seed * 31L + t);
            running.add(Thread.startVirtualThread(() -> work(random, most)));
        }
        for (Thread thread : running) {
            thread.join();
        }
        assertThat(budget.chargedBytes()).isZero();
        assertThat(budget.isShort()).isFalse();
        // Each half may be overdrawn by one connection.
        assertThat(most.get()).isLessThanOrEqualTo(2 * HALF + 4 * HALF);
    }

    private void work(Random random, AtomicLong most) {
        for (int i = 0; i < 2000; i++) {
            MemoryShare share = budget.open();
            for (int part = 0; part < 3; part++) {
                CountDownLatch room = new CountDownLatch(1);
                if (!share.charge(1 + random.nextInt(700_000), room::countDown)) {
                    try {
                        room.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
                most.accumulateAndGet(budget.chargedBytes(), Math::max);
            }
            share.requestWhole();
            share.release(Math.min(share.heldBytes(), random.nextInt(300_000)));
            share.close();
        }
    }
}
