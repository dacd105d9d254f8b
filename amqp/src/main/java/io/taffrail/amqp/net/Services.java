package io.taffrail.amqp.net;

import io.taffrail.amqp.AmqpConfig;
import io.taffrail.amqp.channel.DirectReplies;
import io.taffrail.broker.limit.LimitSource;
import io.taffrail.broker.limit.OpenObjects;
import io.taffrail.broker.login.Authenticator;
import io.taffrail.broker.login.Logins;
import io.taffrail.broker.vhost.VirtualHosts;
import io.taffrail.net.EventLoops;
import io.taffrail.net.RareLines;
import java.util.function.LongSupplier;

/**
 * Services and settings shared by all AMQP connections.
 *
 * @param unforcedBytes
 *            bytes published and not yet durable, over all connections
 * @param clusterName
 *            cluster name in the server properties sent to clients
 * @param replies
 *            consumers of direct replies, of all connections
 * @param alarm
 *            blocks publishers while the disk is nearly full
 * @param open
 *            numbers of connections and channels, which operators may limit
 * @param churn
 *            channels opened and closed, of all connections
 * @param lines
 *            limit of the log lines about connections that end before their login
 */
public record Services(AmqpConfig config, VirtualHosts hosts, Logins logins, EventLoops loops,
        LongSupplier unforcedBytes, String clusterName, DirectReplies replies,
        ResourceAlarm alarm, ChannelChurn churn, RareLines lines,
        OpenObjects open) {

    /** As the canonical constructor, with an empty set of direct reply consumers. */
    public Services(AmqpConfig config, VirtualHosts hosts, Logins logins, EventLoops loops,
            LongSupplier unforcedBytes, String clusterName, ResourceAlarm alarm) {
        this(config, hosts, logins, loops, unforcedBytes, clusterName, new DirectReplies(), alarm,
                new ChannelChurn(), new RareLines(loops.group().ticker()::nanoTime),
                new OpenObjects(LimitSource.NONE));
    }

    /** These services with limits that operators set. */
    public Services with(LimitSource limits) {
        return new Services(config, hosts, logins, loops, unforcedBytes, clusterName, replies,
                alarm, churn, lines, new OpenObjects(limits));
    }

    /**
     * Services without a disk alarm that check passwords on the event loop; for cheap checks only.
     */
    public Services(AmqpConfig config, VirtualHosts hosts, Authenticator users, EventLoops loops,
            LongSupplier unforcedBytes, String clusterName) {
        this(config, hosts, new Logins(users, Runnable::run, loops.group().ticker()::nanoTime),
                loops, unforcedBytes, clusterName, new ResourceAlarm(() -> false));
    }

    Authenticator users() {
        return logins.users();
    }
}
