package io.taffrail.simulation.disk;

import io.taffrail.simulation.world.Dice;

/** The amount of unforced data that survives a loss of power. */
public enum Survival {

    /** Only forced data survives. */
    NOTHING(0, false),
    /** Everything survives, as if the power had been cut a little later. */
    EVERYTHING(1, false),
    /** Each sector and each name survives independently. */
    SOME(2, false),
    /** Like {@link #SOME}, but sectors being written may be garbage. */
    SOME_TORN(2, true);

    /** State of a sector after the loss of power. */
    enum Sector {
        LOST, KEPT, GARBAGE
    }

    private static final int GARBAGE_ONE_IN = 8;

    private final int mode;
    private final boolean torn;

    Survival(int mode, boolean torn) {
        this.mode = mode;
        this.torn = torn;
    }

    boolean keeps(Dice dice) {
        return mode == 1 || (mode == 2 && dice.flip());
    }

    boolean keepsSize(Dice dice) {
        return keeps(dice);
    }

    Sector ofSector(Dice dice) {
        if (torn && dice.oneIn(GARBAGE_ONE_IN)) {
            return Sector.GARBAGE;
        }
        return keeps(dice) ? Sector.KEPT : Sector.LOST;
    }
}
