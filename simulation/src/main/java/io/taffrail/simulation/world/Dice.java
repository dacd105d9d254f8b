package io.taffrail.simulation.world;

import java.util.List;
import java.util.SplittableRandom;

/** All randomness of a run, or of a part of it: the same seed throws the same. */
public final class Dice {

    private final SplittableRandom random;

    public Dice(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Dice of their own for a part, so that more throws there change nothing elsewhere. */
    public Dice split() {
        return new Dice(random.nextLong());
    }

    /** At least 0, below {@code bound}. */
    public int below(int bound) {
        return random.nextInt(bound);
    }

    /** From {@code low} to {@code high}, both included. */
    public int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    /** True once in {@code times}. */
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
