package io.taffrail.simulation.disk;

import io.taffrail.log.LogFailedException;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.PowerCut;
import java.util.concurrent.CompletionException;

/**
 * The disk's behaviour in one life of a machine: in some lives operations fail occasionally,
 * in others the disk is full at times.
 */
public final class Weather {

    private static final int OPERATIONS_OF_A_START = 60;

    private final SimDisk disk;
    private final Dice dice;
    private final boolean failing;
    private final boolean filling;

    /**
     * @param failures
     *            true if operations may fail
     * @param full
     *            true if the disk may be full
     */
    public Weather(SimDisk disk, Dice dice, boolean failures, boolean full) {
        this.disk = disk;
        this.dice = dice;
        this.failing = failures && dice.flip();
        this.filling = full && dice.flip();
    }

    /** May change the behaviour; called before each action of a client. */
    public void next() {
        if (failing && dice.oneIn(20)) {
            disk.faults().failSome(dice.between(1, 3), dice.between(1, 30));
        }
        if (filling && dice.oneIn(20)) {
            disk.limitTo(disk.isLimited() ? Long.MAX_VALUE : dice.below(60_000));
        }
    }

    /** Lets the machine die, or an operation fail, during a start. */
    public static void duringStart(SimDisk disk, Dice dice, boolean failures) {
        if (dice.oneIn(4)) {
            disk.dieAt(disk.operations() + dice.between(1, OPERATIONS_OF_A_START));
        }
        if (failures && dice.oneIn(4)) {
            disk.faults().failSome(1, dice.between(1, OPERATIONS_OF_A_START));
        }
    }

    /** Ends all faults and frees space. */
    public static void clear(SimDisk disk) {
        disk.limitTo(Long.MAX_VALUE);
        disk.faults().heal();
    }

    /** Throws the failure, unless the death of the machine or a failed disk explains it. */
    public static void requireBlame(SimDisk disk, Throwable failure) {
        if (isDeath(failure) || (isOfADisk(failure) && disk.hasFailed())) {
            return;
        }
        switch (failure) {
            case RuntimeException known -> throw known;
            case Error error -> throw error;
            default -> throw new IllegalStateException(failure);
        }
    }

    /** True if the machine's death caused the failure, possibly wrapped by a future. */
    private static boolean isDeath(Throwable failure) {
        Throwable it = failure;
        while (it instanceof CompletionException && it.getCause() != null) {
            it = it.getCause();
        }
        return it instanceof PowerCut;
    }

    private static boolean isOfADisk(Throwable failure) {
        for (Throwable it = failure; it != null; it = it.getCause()) {
            if (it instanceof LogFailedException || it instanceof IllegalStateException) {
                return true;
            }
        }
        return false;
    }
}
