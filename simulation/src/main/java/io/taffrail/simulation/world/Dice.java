package io.taffrail.simulation.world;

import java.util.List;
import java.util.SplittableRandom;

/** The random numbers of a run or of a part of it: the same seed gives the same numbers. */
public final class Dice {

    private final SplittableRandom random;

    public Dice(long seed) {
        random = new SplittableRandom(seed);
    }

    /**
     * Returns separate dice for a part, so that the number of throws in that part does not
     * affect any other.
     */
    public Dice split() {
        return new Dice(random.nextLong());
    }

    /** A number from 0 (inclusive) to {@code bound} (exclusive). */
    public int below(int bound) {
        return random.nextInt(bound);
    }

    /** A number from {@code low} to {@code high}, both inclusive. */
    public int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    /** True with probability 1 in {@code times}. */
    public boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    public boolean flip() {
        return random.nextBoolean();
    }

    public long any() {
        return random.nextLong();
    }

    public <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
