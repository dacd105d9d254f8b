package io.taffrail.amqp.net;

import java.util.function.BooleanSupplier;

/** Whether publishers are to wait, because the disk is nearly full. Safe for any thread. */
public final class ResourceAlarm {

    /** What clients are told, as by RabbitMQ. */
    static final String REASON = "low on disk";

    private final BooleanSupplier lowOnDisk;
    private volatile boolean on;

    /**
     * @param lowOnDisk
     *            looks at the disk
     */
    public ResourceAlarm(BooleanSupplier lowOnDisk) {
        this.lowOnDisk = lowOnDisk;
    }

    /** What the last look said. */
    boolean isOn() {
        return on;
    }

    /** Looks again; true if that has changed something. */
    boolean look() {
        boolean before = on;
        on = lowOnDisk.getAsBoolean();
        return on != before;
    }
}
