package io.taffrail.log.config;

/**
 * A network address to listen on or connect to.
 *
 * @param host
 *            host name or IP address; IPv6 without brackets
 * @param port
 *            0 to 65535; 0 selects any free port
 */
public record HostPort(String host, int port) {

    public HostPort {
        if (host.isEmpty() || port < 0 || port > 65_535) {
            throw new IllegalArgumentException("not an address: '" + host + ":" + port + "'");
        }
    }

    /**
     * Parses {@code host:port} or {@code [::1]:port}.
     *
     * @throws IllegalArgumentException
     *             if the text has neither form
     */
    public static HostPort parse(String text) {
        String address = text.strip();
        int colon = address.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException(
                    "not an address: '" + text + "' (example: 127.0.0.1:9092)");
        }
        String host = address.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            return new HostPort(host, Integer.parseInt(address.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "not an address: '" + text + "' (example: 127.0.0.1:9092)", e);
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
