package io.taffrail.simulation.world;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Fault injection: throws at one of the points that a test has inserted into the broker's code,
 * at most once per life of the machine. One throw in eight is an {@link OutOfMemoryError}, which
 * ends the process; the others fail only the component that was called.
 */
public final class Mischief {

    private static final ThreadLocal<@Nullable Mischief> ARMED = new ThreadLocal<>();
    private static final String INJECTED = "injected at ";
    private static final int FATAL_ONE_IN = 8;

    private final Dice dice;
    private final int oneIn;
    private final Consumer<String> onThrow;
    private boolean done;

    private Mischief(Dice dice, int oneIn, Consumer<String> onThrow) {
        this.dice = dice;
        this.oneIn = oneIn;
        this.onThrow = onThrow;
    }

    /**
     * Arms the points on this thread.
     *
     * @param oneIn
     *            a point throws with probability 1 in this number
     * @param onThrow
     *            receives the point's name before it throws
     */
    public static void arm(Dice dice, int oneIn, Consumer<String> onThrow) {
        ARMED.set(new Mischief(dice, oneIn, onThrow));
    }

    /** Disarms the points on this thread. */
    public static void disarm() {
        ARMED.remove();
    }

    /** An injection point; called by instrumented code. */
    public static void at(String point) {
        Mischief armed = ARMED.get();
        if (armed != null) {
            armed.perhaps(point);
        }
    }

    /** True if the exception was injected. */
    static boolean isCauseOf(Throwable thrown) {
        return String.valueOf(thrown.getMessage()).startsWith(INJECTED);
    }

    private void perhaps(String point) {
        if (done || !dice.oneIn(oneIn)) {
            return;
        }
        done = true;
        onThrow.accept(point);
        if (dice.oneIn(FATAL_ONE_IN)) {
            throw new OutOfMemoryError(INJECTED + point);
        }
        if (dice.flip()) {
            throw new AssertionError(INJECTED + point);
        }
        throw new IllegalStateException(INJECTED + point);
    }
}
