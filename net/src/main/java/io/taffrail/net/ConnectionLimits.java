package io.taffrail.net;

/**
 * How many connections a head takes.
 *
 * @param prefix
 *            of the configuration keys that set them, for the operator's log: "amqp." or none
 * @param total
 *            at once
 * @param perAddress
 *            at once from one address (IPv6: one /64 network)
 * @param perSecond
 *            new ones in a second, averaged over ten
 * @param perAddressPerSecond
 *            new ones from one address in a second, averaged over ten
 */
public record ConnectionLimits(String prefix, int total, int perAddress, int perSecond,
        int perAddressPerSecond) {

    /** Why a connection is refused: the key that limits it, behind the prefix. */
    enum Cause {
        TOTAL("max.connections"),
        ADDRESS("max.connections.per.ip"),
        RATE("max.connection.creation.rate"),
        ADDRESS_RATE("max.connection.creation.rate.per.ip"),
        /** Not a key: set by the operating system, for all heads together. */
        OPEN_FILES("open files of the process (ulimit -n)");

        final String key;

        Cause(String key) {
            this.key = key;
        }
    }

    public ConnectionLimits {
        atLeastOne(prefix, Cause.TOTAL, total);
        atLeastOne(prefix, Cause.ADDRESS, perAddress);
        atLeastOne(prefix, Cause.RATE, perSecond);
        atLeastOne(prefix, Cause.ADDRESS_RATE, perAddressPerSecond);
    }

    private static void atLeastOne(String prefix, Cause cause, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    prefix + cause.key + ": Value must be at least 1, not " + value);
        }
    }

    String key(Cause cause) {
        return cause == Cause.OPEN_FILES ? cause.key : prefix + cause.key;
    }

    int value(Cause cause, SocketAllowance sockets) {
        return switch (cause) {
            case TOTAL -> total;
            case ADDRESS -> perAddress;
            case RATE -> perSecond;
            case ADDRESS_RATE -> perAddressPerSecond;
            case OPEN_FILES -> sockets.most();
        };
    }
}
