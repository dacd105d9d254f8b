package io.taffrail.cli.terminal;

import io.taffrail.kafka.client.ClientException;

/** Exit codes of the command; {@code taffrail --help} lists them. */
public final class ExitCode {

    public static final int OK = 0;
    /** The command failed for a reason without a code of its own. */
    public static final int FAILURE = 1;
    /** Wrong arguments or invalid configuration. */
    public static final int USAGE = 2;
    /** No broker answers. The JVM of a broker may also exit with 3 when it is out of memory. */
    public static final int UNREACHABLE = 3;
    /** A named topic, partition, group, queue, user, virtual host or log does not exist. */
    public static final int NOT_FOUND = 4;
    /** The topic already exists. */
    public static final int EXISTS = 5;
    /** Another broker uses the data directory. */
    public static final int DATA_IN_USE = 6;
    /** An address cannot be bound. */
    public static final int CANNOT_LISTEN = 7;
    /** The disk failed while the broker was running. */
    public static final int STORAGE_FAILED = 8;
    /** The broker ended itself because its state could no longer be trusted ({@code FailStop}). */
    public static final int STATE_LOST = 9;

    private ExitCode() {}

    static int of(ClientException failure) {
        return switch (failure.reason()) {
            case UNREACHABLE -> UNREACHABLE;
            case NOT_FOUND -> NOT_FOUND;
            case EXISTS -> EXISTS;
            case INVALID -> USAGE;
            case TIMED_OUT, FAILED -> FAILURE;
        };
    }
}
