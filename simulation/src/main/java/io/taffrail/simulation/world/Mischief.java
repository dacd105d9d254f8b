package io.taffrail.simulation.world;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Throws at one of the points that a test has put into the code of the broker, once in a life of
 * the machine. One in some throws is an {@link OutOfMemoryError}, with which the process ends; the
 * others fail the part that was called.
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
     * From now on, points on this thread throw.
     *
     * @param oneIn
     *            so rarely
     * @param onThrow
     *            told of the point before it throws
     */
    public static void arm(Dice dice, int oneIn, Consumer<String> onThrow) {
        ARMED.set(new Mischief(dice, oneIn, onThrow));
    }

    /** Nothing throws any more. */
    public static void disarm() {
        ARMED.remove();
    }

    /** A point; called by code that was changed. */
    public static void at(String point) {
        Mischief armed = ARMED.get();
        if (armed != null) {
            armed.perhaps(point);
        }
    }

    /** Whether this comes from here. */
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
