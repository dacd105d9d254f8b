package io.taffrail.amqp.net;

import io.taffrail.amqp.AmqpConfig;
import io.taffrail.amqp.channel.DirectReplies;
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
 * @param replies
 *            who waits for a direct reply
 * @param alarm
 *            whether publishers are to wait
 */
public record Services(AmqpConfig config, VirtualHosts hosts, Authenticator users, EventLoops loops,
        LongSupplier unforcedBytes, String clusterName, DirectReplies replies,
        ResourceAlarm alarm) {

    /** As the canonical constructor, with nobody waiting for a direct reply yet. */
    public Services(AmqpConfig config, VirtualHosts hosts, Authenticator users, EventLoops loops,
            LongSupplier unforcedBytes, String clusterName, ResourceAlarm alarm) {
        this(config, hosts, users, loops, unforcedBytes, clusterName, new DirectReplies(), alarm);
    }

    /** On a disk that has always room. */
    public Services(AmqpConfig config, VirtualHosts hosts, Authenticator users, EventLoops loops,
            LongSupplier unforcedBytes, String clusterName) {
        this(config, hosts, users, loops, unforcedBytes, clusterName,
                new ResourceAlarm(() -> false));
    }
}
