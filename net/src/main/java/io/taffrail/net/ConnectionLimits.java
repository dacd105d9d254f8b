package io.taffrail.net;

/**
 * Limits for the connections of one head.
 *
 * @param prefix
 *            prefix of their configuration keys, for the operator's log: {@code "amqp."} or empty
 * @param total
 *            connections at the same time
 * @param perAddress
 *            connections at the same time from one address (IPv6: from one /64 network)
 * @param perSecond
 *            new connections per second, averaged over ten seconds
 * @param perAddressPerSecond
 *            new connections per second from one address, averaged over ten seconds
 */
public record ConnectionLimits(String prefix, int total, int perAddress, int perSecond,
        int perAddressPerSecond) {

    /** The reason for refusing a connection: the configuration key of the limit, without prefix. */
    enum Cause {
        TOTAL("max.connections"),
        ADDRESS("max.connections.per.ip"),
        RATE("max.connection.creation.rate"),
        ADDRESS_RATE("max.connection.creation.rate.per.ip"),
        /** Not a configuration key: the operating system's limit, shared by all heads. */
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
