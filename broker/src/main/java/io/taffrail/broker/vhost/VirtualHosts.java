package io.taffrail.broker.vhost;

import java.util.Collection;
import java.util.Optional;

/** The virtual hosts of a broker; {@code /} is always there. Safe for any thread. */
public interface VirtualHosts {

    /** The virtual host of this name, if there is one. */
    Optional<VirtualHost> find(String name);

    /** Every virtual host, in no order. */
    Collection<VirtualHost> all();
}
