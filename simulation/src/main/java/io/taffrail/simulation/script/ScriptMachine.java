package io.taffrail.simulation.script;

import io.taffrail.broker.Broker;
import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.queue.Getter;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.vhost.ConfirmListener;
import io.taffrail.broker.vhost.Publisher;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.simulation.machine.Machine;
import io.taffrail.simulation.machine.Setting;
import io.taffrail.simulation.machine.SimBrokerThreads;
import io.taffrail.simulation.machine.World;
import io.taffrail.simulation.world.PowerCut;
import io.taffrail.simulation.world.Violation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** A broker with one owner between a start and a crash or stop, and a client of it. */
public final class ScriptMachine extends Machine {

    static final Session SESSION = new Session("client");

    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** A message that the client holds. */
    record Held(Delivery delivery, String body) {}

    private final Broker broker;
    private final VirtualHost host;

    ScriptMachine(int number, Setting setting, World world) {
        super(number, world, setting);
        int[] ids = {0};
        this.broker = Broker.open(engine(), BrokerConfig.defaults(), List.of(owner()), clock(),
                new SimBrokerThreads(scheduler()), () -> new UUID(number, ++ids[0]));
        this.host = broker.virtualHosts().find("/").orElseThrow();
    }

    Broker broker() {
        return broker;
    }

    VirtualHost host() {
        return host;
    }

    /** Waits for an action of the catalog, which must succeed. */
    <T> T catalog(String what, CompletableFuture<T> answer) {
        return await(what, answer);
    }

    /** Runs steps until the owner is idle and everything is forced. */
    void rest() {
        scheduler().until("everything to rest", () -> disk().isDead()
                || (owner().isIdle() && engine().unforcedBytes() == 0));
        if (disk().isDead()) {
            throw new PowerCut();
        }
    }

    /** Lets background work go on for a time. */
    void pause() {
        scheduler().until("a pause", PAUSE, disk()::isDead);
        if (disk().isDead()) {
            throw new PowerCut();
        }
    }

    /** Returns when everything that the owner did before is durable. */
    void barrier() {
        var _ = ask("a barrier", () -> host.atomically(() -> {}));
    }

    /** Publishes messages to a queue and waits for all confirms. */
    void publish(String queue, List<String> bodies) {
        int[] confirmed = {0};
        owner().execute(() -> {
            Publisher publisher = host.publisher(new ConfirmListener() {
                @Override
                public void confirmed(long upToTag) {
                    confirmed[0] = (int) upToTag;
                }

                @Override
                public void rejected(long tag) {
                    if (!isOver()) {
                        throw new Violation("nothing is refused without cause",
                                queue + " " + tag);
                    }
                }
            });
            long tag = 0;
            for (String body : bodies) {
                var _ = publisher.publish(++tag, new Message("", queue, Properties.none(),
                        ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8))));
            }
        });
        scheduler().until("confirms",
                () -> disk().isDead() || confirmed[0] == bodies.size());
        if (disk().isDead()) {
            throw new PowerCut();
        }
    }

    /** Takes all ready messages of a queue, at most {@code most}. */
    List<Held> take(String queue, int most) {
        List<Held> held = new ArrayList<>();
        boolean[] more = {true};
        while (more[0] && held.size() < most) {
            var _ = ask("a message", () -> host.get(queue, SESSION,
                    Optional.of(new GetHolder(List.of())), new Getter() {
                        @Override
                        public void got(Delivery delivery, StoredMessage message, long left) {
                            held.add(new Held(delivery,
                                    StandardCharsets.UTF_8.decode(message.body()).toString()));
                        }

                        @Override
                        public void empty() {
                            more[0] = false;
                        }
                    }));
        }
        return held;
    }

    /** Lets a queue fail, in a callback of a client that takes a message. */
    void fail(String queue) {
        var _ = ask("a queue to fail", () -> host.get(queue, SESSION,
                Optional.of(new GetHolder(List.of())), new Getter() {
                    @Override
                    public void got(Delivery delivery, StoredMessage message, long left) {
                        throw new IllegalStateException("thrown by the script");
                    }

                    @Override
                    public void empty() {
                        throw new IllegalStateException("thrown by the script");
                    }
                }).handle((_, _) -> true));
    }

    /** Bodies of all ready messages of a queue, which stay in it. */
    List<String> bodies(String queue) {
        List<Held> held = take(queue, Integer.MAX_VALUE);
        owner().execute(() -> held.forEach(it -> it.delivery().requeue()));
        rest();
        return held.stream().map(Held::body).toList();
    }

    /** True if the queue exists. */
    boolean hasQueue(String queue) {
        boolean[] found = new boolean[1];
        var _ = ask("a queue", () -> host.checkQueue(queue, SESSION).handle((status, _) -> {
            found[0] = status != null;
            return found;
        }));
        return found[0];
    }

    @Override
    protected void stopServing() {
        broker.close();
    }
}
