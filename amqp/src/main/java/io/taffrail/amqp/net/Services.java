package io.taffrail.amqp.net;

import io.taffrail.amqp.AmqpConfig;
import io.taffrail.amqp.login.Authenticator;
import io.taffrail.broker.vhost.VirtualHosts;
import io.taffrail.net.EventLoops;
import java.util.function.LongSupplier;

/**
 * What every connection works with.
 *
 * @param unforcedBytes
 *            bytes published and not yet durable now, over all connections
 * @param clusterName
 *            told to clients
 */
public record Services(AmqpConfig config, VirtualHosts hosts, Authenticator users, EventLoops loops,
        LongSupplier unforcedBytes, String clusterName) {}
