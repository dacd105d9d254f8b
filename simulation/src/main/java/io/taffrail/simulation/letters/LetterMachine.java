package io.taffrail.simulation.letters;

import io.taffrail.broker.Broker;
import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.topic.TopicOutcome;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.simulation.machine.Machine;
import io.taffrail.simulation.machine.Setting;
import io.taffrail.simulation.machine.SimBrokerThreads;
import io.taffrail.simulation.machine.World;
import io.taffrail.simulation.world.SimOwner;
import java.util.List;
import java.util.Map;
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

    /** A topic, or a stream of the virtual host as a topic. */
    Topic topic(String name) {
        return broker.topics().find(name).orElseThrow();
    }

    /**
     * Limits, or no longer limits, the size of the records of {@link LetterModel#SMALL} to less
     * than that of any letter.
     */
    CompletableFuture<TopicOutcome> limitSmall(boolean limit) {
        return broker.topics().alterConfig(LetterModel.SMALL,
                _ -> limit ? Map.of("max.message.bytes", "20") : Map.of());
    }

    /** Lets all topics take any letter. */
    void takeAll() {
        var _ = await("no limit", limitSmall(false));
        var _ = await("no compaction", broker.topics().alterConfig(LetterModel.KEYED,
                _ -> Map.of("cleanup.policy", "delete")));
    }

    /**
     * Returns the topic's partition on the virtual host's owner, or the one on the other owner.
     */
    Partition partition(String topic, boolean here) {
        return topic(topic).partitions().stream()
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
