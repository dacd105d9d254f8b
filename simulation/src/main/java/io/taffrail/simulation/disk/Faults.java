package io.taffrail.simulation.disk;

import io.taffrail.simulation.world.Dice;
import java.io.IOException;

/**
 * What the disk does wrong, besides losing power. Changed by the run while the machine works.
 */
public final class Faults {

    private final Dice dice;
    private int errorOneIn;
    private int failures;

    public Faults(Dice dice) {
        this.dice = dice;
    }

    /** From now on so many operations fail, one in {@code oneIn}. */
    public void failSome(int count, int oneIn) {
        failures = count;
        errorOneIn = oneIn;
    }

    /** Nothing fails any more. */
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
