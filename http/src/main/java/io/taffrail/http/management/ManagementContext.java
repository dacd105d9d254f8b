package io.taffrail.http.management;

import io.taffrail.broker.Broker;
import io.taffrail.broker.login.ConfiguredUsers;
import io.taffrail.net.ClientConnections;
import java.util.Map;

/**
 * Objects that the routes of the management API work on.
 *
 * @param configured
 *            users of the configuration, who cannot be changed here
 * @param heads
 *            connections of clients, by the name of their protocol
 */
public record ManagementContext(Broker broker, ConfiguredUsers configured, NodeFacts node,
        Map<String, ClientConnections> heads) {}
