package io.taffrail.http.management;

import io.taffrail.broker.Broker;
import io.taffrail.broker.login.ConfiguredUsers;
import io.taffrail.broker.traffic.ConnectionReports;
import io.taffrail.net.ClientConnections;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Objects that the routes of the management API work on.
 *
 * @param configured
 *            users of the configuration, who cannot be changed here
 * @param heads
 *            connections of clients, by the name of their protocol
 * @param reports
 *            what they report, by the same names
 * @param timer
 *            starts short tasks later
 * @param largestMessageBytes
 *            the largest message that a client may publish
 */
public record ManagementContext(Broker broker, ConfiguredUsers configured, NodeFacts node,
        Map<String, ClientConnections> heads, Map<String, ConnectionReports> reports,
        ScheduledExecutorService timer, int largestMessageBytes) {}
