package io.taffrail.amqp.net;

import java.util.function.BooleanSupplier;

/** Alarm that blocks publishers while the disk is nearly full. Safe for any thread. */
public final class ResourceAlarm {

    /** Reason in {@code connection.blocked}, as RabbitMQ words it. */
    static final String REASON = "low on disk";

    private final BooleanSupplier lowOnDisk;
    private volatile boolean on;

    /**
     * @param lowOnDisk
     *            returns true if free disk space is below the limit
     */
    public ResourceAlarm(BooleanSupplier lowOnDisk) {
        this.lowOnDisk = lowOnDisk;
    }

    /** Result of the last check. */
    boolean isOn() {
        return on;
    }

    /** Checks the disk; returns true if the alarm was raised or cleared. */
    boolean look() {
        boolean before = on;
        on = lowOnDisk.getAsBoolean();
        return on != before;
    }
}
