package io.taffrail.amqp.net;

import io.taffrail.amqp.AmqpConfig;
import io.taffrail.amqp.channel.DirectReplies;
import io.taffrail.amqp.login.Authenticator;
import io.taffrail.amqp.login.Logins;
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
public record Services(AmqpConfig config, VirtualHosts hosts, Logins logins, EventLoops loops,
        LongSupplier unforcedBytes, String clusterName, DirectReplies replies,
        ResourceAlarm alarm) {

    /** As the canonical constructor, with nobody waiting for a direct reply yet. */
    public Services(AmqpConfig config, VirtualHosts hosts, Logins logins, EventLoops loops,
            LongSupplier unforcedBytes, String clusterName, ResourceAlarm alarm) {
        this(config, hosts, logins, loops, unforcedBytes, clusterName, new DirectReplies(), alarm);
    }

    /** On a disk that has always room, with users whose passwords are cheap to check. */
    public Services(AmqpConfig config, VirtualHosts hosts, Authenticator users, EventLoops loops,
            LongSupplier unforcedBytes, String clusterName) {
        this(config, hosts, new Logins(users, Runnable::run, loops.group().ticker()::nanoTime),
                loops, unforcedBytes, clusterName, new ResourceAlarm(() -> false));
    }

    Authenticator users() {
        return logins.users();
    }
}
