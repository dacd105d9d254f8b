package io.taffrail.cli.terminal;

import io.taffrail.kafka.client.ClientException;
import java.util.Map;

/**
 * Exit codes of the command, and their names in JSON and on the control socket.
 * {@code taffrail --help} lists them.
 */
public final class ExitCode {

    public static final int OK = 0;
    /** The command failed for a reason without a code of its own. */
    public static final int FAILURE = 1;
    /** Wrong arguments, invalid values or invalid configuration. */
    public static final int USAGE = 2;
    /** No broker answers. The JVM of a broker may also exit with 3 when it is out of memory. */
    public static final int UNREACHABLE = 3;
    /** A named topic, partition, group, queue, user, virtual host or log does not exist. */
    public static final int NOT_FOUND = 4;
    /** The object already exists. */
    public static final int EXISTS = 5;
    /** Another broker uses the data directory. */
    public static final int DATA_IN_USE = 6;
    /** An address cannot be bound. */
    public static final int CANNOT_LISTEN = 7;
    /** The disk failed while the broker was running. */
    public static final int STORAGE_FAILED = 8;
    /** The broker ended itself because its state could no longer be trusted ({@code FailStop}). */
    public static final int STATE_LOST = 9;
    /** The broker did not answer within {@code --timeout}. */
    public static final int TIMED_OUT = 10;
    /**
     * The broker refuses the request: a precondition, a permission or a limit stands against it.
     */
    public static final int REFUSED = 11;
    /** {@code verify} ended without a verdict. */
    public static final int NO_VERDICT = 12;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(OK, "ok"), Map.entry(FAILURE, "failed"), Map.entry(USAGE, "usage"),
            Map.entry(UNREACHABLE, "unreachable"), Map.entry(NOT_FOUND, "not_found"),
            Map.entry(EXISTS, "exists"), Map.entry(DATA_IN_USE, "data_in_use"),
            Map.entry(CANNOT_LISTEN, "cannot_listen"),
            Map.entry(STORAGE_FAILED, "storage_failed"), Map.entry(STATE_LOST, "state_lost"),
            Map.entry(TIMED_OUT, "timed_out"), Map.entry(REFUSED, "refused"),
            Map.entry(NO_VERDICT, "no_verdict"));

    private ExitCode() {}

    /** Name of a code, for example {@code not_found}; {@code failed} for an unknown code. */
    public static String name(int code) {
        return NAMES.getOrDefault(code, "failed");
    }

    /** The code with this name; {@link #FAILURE} for an unknown name. */
    public static int named(String name) {
        return NAMES.entrySet().stream().filter(it -> it.getValue().equals(name))
                .map(Map.Entry::getKey).findFirst().orElse(FAILURE);
    }

    static int of(ClientException failure) {
        return switch (failure.reason()) {
            case UNREACHABLE -> UNREACHABLE;
            case NOT_FOUND -> NOT_FOUND;
            case EXISTS -> EXISTS;
            case INVALID -> USAGE;
            case TIMED_OUT -> TIMED_OUT;
            case REFUSED -> REFUSED;
            case FAILED -> FAILURE;
        };
    }
}
