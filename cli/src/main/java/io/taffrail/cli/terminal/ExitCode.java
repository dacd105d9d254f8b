package io.taffrail.cli.terminal;

import io.taffrail.kafka.client.ClientException;

/** What the command's exit codes mean; {@code taffrail --help} lists them. */
public final class ExitCode {

    public static final int OK = 0;
    public static final int FAILURE = 1;
    public static final int USAGE = 2;
    public static final int UNREACHABLE = 3;
    public static final int NOT_FOUND = 4;
    public static final int EXISTS = 5;
    public static final int DATA_IN_USE = 6;
    public static final int CANNOT_LISTEN = 7;
    public static final int STORAGE_FAILED = 8;
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
