package io.taffrail.net;

import io.taffrail.log.config.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.UnresolvedAddressException;

/**
 * Thrown if an address cannot be bound: another process uses it, or it is not an address
 * of this machine.
 */
public final class CannotListenException extends UncheckedIOException {

    private static final long serialVersionUID = 1;

    CannotListenException(HostPort address, Throwable cause) {
        super("cannot listen on " + address + ": " + reason(cause),
                new IOException(reason(cause), cause));
    }

    private static String reason(Throwable cause) {
        return cause instanceof UnresolvedAddressException
                ? "the host is not known"
                : String.valueOf(cause.getMessage());
    }
}
