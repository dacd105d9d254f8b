package io.taffrail.simulation.disk;

import io.taffrail.simulation.world.Dice;

/** How much of what was not forced is left after a loss of power. */
public enum Survival {

    /** Nothing but what was forced. */
    NOTHING(0, false),
    /** Everything, as if the power had lasted a little longer. */
    EVERYTHING(1, false),
    /** Each sector and each name for itself. */
    SOME(2, false),
    /** As {@link #SOME}; what was being written may be garbage. */
    SOME_TORN(2, true);

    /** What became of a sector. */
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
