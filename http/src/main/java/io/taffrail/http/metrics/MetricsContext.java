package io.taffrail.http.metrics;

import io.taffrail.broker.Broker;
import io.taffrail.broker.traffic.ConnectionReports;
import io.taffrail.broker.traffic.GroupLag;
import io.taffrail.broker.traffic.RequestFigures;
import io.taffrail.http.management.NodeFacts;
import io.taffrail.net.EventLoops;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Objects that metrics are taken from.
 *
 * @param reports
 *            the heads, by the name of their protocol
 * @param requests
 *            requests of Kafka clients; may block
 * @param lags
 *            lag of consumer groups; may block
 * @param anonymous
 *            whether no login is needed
 */
public record MetricsContext(Broker broker, NodeFacts node,
        Map<String, ConnectionReports> reports, EventLoops loops,
        Supplier<List<RequestFigures>> requests, Supplier<List<GroupLag>> lags,
        boolean anonymous) {}
