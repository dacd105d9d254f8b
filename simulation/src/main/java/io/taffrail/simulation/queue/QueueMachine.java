package io.taffrail.simulation.queue;

import io.taffrail.broker.queue.Session;
import io.taffrail.broker.vhost.LiveVirtualHosts;
import io.taffrail.broker.vhost.PublishLimits;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.log.spi.WritableLog;
import io.taffrail.simulation.machine.Machine;
import io.taffrail.simulation.machine.Setting;
import io.taffrail.simulation.machine.ShownQueues;
import io.taffrail.simulation.machine.SimHosts;
import io.taffrail.simulation.machine.World;
import java.util.List;

/** A virtual host between a start and a crash or stop. */
final class QueueMachine extends Machine {

    /** Limits that messages for an exchange with patterns, or with three queues, exceed. */
    private static final PublishLimits NARROW = new PublishLimits(2, 2, 1 << 30, 1 << 20);

    private final PublishLimits limits;
    private final ShownQueues shown = new ShownQueues();
    private final LiveVirtualHosts hosts;
    private final VirtualHost host;
    private final Session session = new Session("client");

    /**
     * @param narrow
     *            whether every other machine stores messages for several queues in parts. Not where
     *            code throws: a delayed message then comes twice to a queue of an earlier part, if
     *            another of its queues fails and the machine ends before that queue is opened again
     */
    QueueMachine(int number, Setting setting, World world, boolean narrow) {
        super(number, world, setting);
        this.limits = narrow && number % 2 != 0 ? NARROW : PublishLimits.USUAL;
        this.hosts = SimHosts.open(this, List.of(owner()), shown, limits);
        this.host = hosts.find("/").orElseThrow();
    }

    /** Whether so many copies of a message may be stored in several turns. */
    boolean storesInParts(int copies) {
        return copies > limits.copies();
    }

    VirtualHost host() {
        return host;
    }

    /** The log of a queue, as a log client sees it. */
    WritableLog log(String queue) {
        return shown.log(queue).orElseThrow();
    }

    Session session() {
        return session;
    }

    /** Runs an action later on the owner, as a client of the virtual host does. */
    void onOwner(Runnable action) {
        owner().execute(action);
    }

    @Override
    protected void stopServing() {
        await("the virtual host to close", hosts.closing());
    }
}
