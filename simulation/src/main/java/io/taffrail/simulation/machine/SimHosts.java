package io.taffrail.simulation.machine;

import io.taffrail.broker.DefinitionSpace;
import io.taffrail.broker.vhost.HostOptions;
import io.taffrail.broker.vhost.LiveVirtualHosts;
import io.taffrail.broker.vhost.PublishLimits;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.Owner;
import io.taffrail.simulation.world.SimOwner;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Virtual hosts on a machine. */
public final class SimHosts {

    private SimHosts() {}

    /**
     * Opens the virtual hosts.
     *
     * @param owners
     *            owners that all run on the machine's one loop
     */
    public static LiveVirtualHosts open(Machine machine, List<Owner> owners) {
        return open(machine, owners, null, PublishLimits.USUAL);
    }

    /**
     * As {@link #open(Machine, List)}, with these limits on the work of one publish.
     *
     * @param shown
     *            shows the queues as topics, unless it is null
     */
    public static LiveVirtualHosts open(Machine machine, List<Owner> owners,
            @Nullable ShownQueues shown, PublishLimits limits) {
        SimOwner owner = machine.owner();
        int[] ids = {0};
        return machine.await("the virtual host to open", LiveVirtualHosts.opening(machine.engine(),
                new Lease("node", machine.number()), owners, machine.clock(),
                _ -> new SimTimers(machine.scheduler(), owner, owner::isEnding),
                () -> id(machine.number(), ids[0]++),
                new HostOptions(0, shown, null, DefinitionSpace.ofHeap(), limits)));
    }

    /** An id in the form of a broker's: a UUID in base64url. */
    private static String id(long life, long number) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES).putLong(life).putLong(number);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }
}
