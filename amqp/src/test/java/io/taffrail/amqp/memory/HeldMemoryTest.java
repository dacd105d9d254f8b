package io.taffrail.amqp.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.net.MemoryBudget;
import io.taffrail.net.MemoryShare;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeldMemoryTest {

    private static final int BUDGET = 1 << 20;
    private static final int SHARE = 64 << 10;

    private final MemoryBudget budget = new MemoryBudget(BUDGET, SHARE, 1000);
    private final Deque<Runnable> loop = new ArrayDeque<>();
    private int changes;
    private final HeldMemory memory = new HeldMemory(budget.open(), loop::add, () -> changes++);

    private void runLoop() {
        while (!loop.isEmpty()) {
            loop.remove().run();
        }
    }

    /** Shares of other connections that take the whole budget and are first in line as well. */
    private List<MemoryShare> hogs() {
        List<MemoryShare> hogs = new ArrayList<>();
        MemoryShare hog = budget.open();
        while (hog.tryCharge(SHARE)) {
            hogs.add(hog);
            hog = budget.open();
        }
        MemoryShare large = budget.open();
        large.charge(BUDGET, () -> {});
        large.requestWhole();
        hogs.addAll(List.of(hog, large));
        hog.charge(SHARE, () -> {});
        hog.requestWhole();
        return hogs;
    }

    @Test
    void whatDoesNotFitIsADebtUntilThereIsRoom() {
        List<MemoryShare> hogs = hogs();
        memory.add(MemoryBudget.FLOOR_BYTES);
        assertThat(memory.isIndebted()).isFalse();

        memory.add(10_000);
        memory.add(5_000);
        assertThat(memory.isIndebted()).isTrue();
        assertThat(changes).isEqualTo(1);
        hogs.forEach(MemoryShare::close);
        runLoop();

        assertThat(memory.isIndebted()).isFalse();
        assertThat(changes).isEqualTo(2);
        assertThat(memory.bytes()).isEqualTo(MemoryBudget.FLOOR_BYTES + 15_000);
    }

    @Test
    void debtThatIsNoLongerHeldIsNotKeptWhenItIsGranted() {
        List<MemoryShare> hogs = hogs();
        memory.add(10_000);
        memory.add(7_000);
        memory.remove(17_000);
        assertThat(memory.bytes()).isZero();

        hogs.forEach(MemoryShare::close);
        runLoop();

        assertThat(memory.bytes()).isZero();
        assertThat(memory.isIndebted()).isFalse();
    }

    @Test
    void closingGivesEverythingBackAlsoWhatIsGrantedLater() {
        List<MemoryShare> hogs = hogs();
        long taken = budget.chargedBytes();
        memory.add(50_000);
        memory.close();
        memory.add(1_000_000);
        memory.remove(1);
        runLoop();

        assertThat(budget.chargedBytes()).isEqualTo(taken);
        hogs.forEach(MemoryShare::close);
        assertThat(budget.isShort()).isFalse();
    }

    @Test
    void sumIsRightWhateverComesAndGoesInWhateverOrder() {
        Random random = new Random(7);
        MemoryShare hog = budget.open();
        Deque<Integer> held = new ArrayDeque<>();
        long sum = 0;
        for (int step = 0; step < 20_000; step++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    int bytes = 1 + random.nextInt(SHARE);
                    held.add(bytes);
                    sum += bytes;
                    memory.add(bytes);
                }
                case 2, 3 -> {
                    Integer bytes = random.nextBoolean() ? held.pollFirst() : held.pollLast();
                    if (bytes != null) {
                        sum -= bytes;
                        memory.remove(bytes);
                    }
                }
                default -> {
                    if (random.nextBoolean()) {
                        hog.tryCharge(random.nextInt(BUDGET));
                    } else {
                        hog.release(random.nextLong(hog.heldBytes() + 1));
                    }
                    runLoop();
                }
            }
            assertThat(memory.bytes()).isEqualTo(sum);
        }
        held.forEach(memory::remove);
        hog.release(hog.heldBytes());
        runLoop();

        assertThat(memory.bytes()).isZero();
        assertThat(memory.isIndebted()).isFalse();
        assertThat(budget.chargedBytes()).isZero();
    }
}
