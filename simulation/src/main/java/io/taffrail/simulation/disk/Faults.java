package io.taffrail.simulation.disk;

import io.taffrail.simulation.world.Dice;
import java.io.IOException;

/**
 * Faults of the simulated disk besides loss of power. The run changes them while the machine works.
 */
public final class Faults {

    private final Dice dice;
    private int errorOneIn;
    private int failures;

    public Faults(Dice dice) {
        this.dice = dice;
    }

    /**
     * Lets {@code count} operations fail; each operation fails with probability 1 in {@code oneIn}.
     */
    public void failSome(int count, int oneIn) {
        failures = count;
        errorOneIn = oneIn;
    }

    /** Ends all faults. */
    public void heal() {
        failures = 0;
    }

    public boolean areDue() {
        return failures > 0;
    }

    boolean hit() {
        if (failures > 0 && dice.oneIn(errorOneIn)) {
            failures--;
            return true;
        }
        return false;
    }

    static IOException inputOutput(String path) {
        return new IOException(path + ": Input/output error");
    }

    static IOException full(String path) {
        return new IOException(path + ": No space left on device");
    }
}
