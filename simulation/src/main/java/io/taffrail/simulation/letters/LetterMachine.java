package io.taffrail.simulation.letters;

import io.taffrail.broker.Broker;
import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.simulation.machine.Machine;
import io.taffrail.simulation.machine.Setting;
import io.taffrail.simulation.machine.SimBrokerThreads;
import io.taffrail.simulation.machine.World;
import io.taffrail.simulation.world.SimOwner;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** A broker with two owners between a start and a crash or stop. */
final class LetterMachine extends Machine {

    private final SimOwner elsewhere;
    private final Broker broker;
    private final VirtualHost host;

    LetterMachine(int number, Setting setting, World world) {
        super(number, world, setting);
        this.elsewhere = new SimOwner(scheduler(), "loop-1");
        int[] ids = {0};
        this.broker = Broker.open(engine(), BrokerConfig.defaults(),
                List.of(owner(), elsewhere), clock(),
                new SimBrokerThreads(scheduler()), () -> new UUID(number, ++ids[0]));
        this.host = broker.virtualHosts().find("/").orElseThrow();
    }

    Broker broker() {
        return broker;
    }

    VirtualHost host() {
        return host;
    }

    Topic topic() {
        return broker.topics().find(LetterModel.TOPIC).orElseThrow();
    }

    /** Returns the partition on the virtual host's owner, or the one on the other owner. */
    Partition partition(boolean here) {
        return topic().partitions().stream()
                .filter(it -> it.owner().equals(host.owner()) == here).findFirst().orElseThrow();
    }

    /** Runs steps until the owners are idle and everything is forced. */
    void rest() {
        scheduler().until("everything to rest", () -> disk().isDead() || (owner().isIdle()
                && elsewhere.isIdle() && engine().unforcedBytes() == 0));
    }

    /** Waits for an action of the catalog. */
    <T> T awaitCatalog(String what, CompletableFuture<T> answer) {
        return await(what, answer);
    }

    @Override
    protected void stopServing() {
        broker.close();
    }
}
