package io.taffrail.simulation.amqp;

import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.taffrail.amqp.AmqpConfig;
import io.taffrail.amqp.login.Authenticator;
import io.taffrail.amqp.login.Credentials;
import io.taffrail.amqp.net.AmqpListener;
import io.taffrail.amqp.net.Services;
import io.taffrail.broker.user.Access;
import io.taffrail.broker.vhost.HostOptions;
import io.taffrail.broker.vhost.LiveVirtualHosts;
import io.taffrail.log.local.Environment;
import io.taffrail.log.local.LocalLogConfig;
import io.taffrail.log.local.LocalLogEngine;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.net.EventLoops;
import io.taffrail.simulation.disk.SimDisk;
import io.taffrail.simulation.network.SimEventLoop;
import io.taffrail.simulation.network.Wire;
import io.taffrail.simulation.queue.SimTimers;
import io.taffrail.simulation.queue.SmallLogs;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.PowerCut;
import io.taffrail.simulation.world.Scheduler;
import io.taffrail.simulation.world.SimClock;
import io.taffrail.simulation.world.SimOwner;
import io.taffrail.simulation.world.SimThreads;
import io.taffrail.simulation.world.Trace;
import io.taffrail.simulation.world.Violation;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;

/** A virtual host with the AMQP head between a start and a crash or a stop. */
final class AmqpMachine {

    private static final Path DIRECTORY = Path.of("/sim/data");

    private final SimDisk disk;
    private final Trace trace;
    private final Dice dice;
    private final Scheduler scheduler;
    private final SimOwner owner;
    private final SimEventLoop loop;
    private final LogEngine engine;
    private final LiveVirtualHosts hosts;
    private final Services services;
    private final ChannelGroup connections = new DefaultChannelGroup(
            GlobalEventExecutor.INSTANCE);
    private int numbers;
    private boolean over;

    AmqpMachine(int number, LocalLogConfig config, long segmentBytes, SimDisk disk, SimClock clock,
            Dice dice, Trace trace) {
        this.disk = disk;
        this.trace = trace;
        this.dice = dice;
        this.scheduler = new Scheduler(dice.split(), clock, trace, disk::isDead);
        this.owner = new SimOwner(scheduler, "loop-0");
        this.loop = new SimEventLoop(scheduler, owner);
        disk.slowness(this::slow);
        LocalLogEngine local = LocalLogEngine.open(DIRECTORY, config,
                new Environment(disk, clock, new SimThreads(scheduler, slowness(dice.split()))));
        // The process ends where only a restart helps.
        local.onFailure(_ -> disk.die());
        this.engine = new SmallLogs(local, segmentBytes);
        EventLoops loops = EventLoops.of(loop);
        int[] ids = {0};
        this.hosts = await("the virtual host to open", LiveVirtualHosts.opening(engine,
                new Lease("node", number), loops.owners(), clock,
                _ -> new SimTimers(scheduler, owner, owner::isEnding),
                () -> "id-" + number + "-" + ids[0]++, new HostOptions(0, null)));
        this.services = new Services(AmqpConfig.defaults(), hosts, new Everybody(), loops,
                engine::unforcedBytes, "simulated");
    }

    /** Lets everybody in. */
    private static final class Everybody implements Authenticator {

        @Override
        public boolean accepts(Credentials credentials, InetAddress from) {
            return true;
        }

        @Override
        public Optional<Access> access(String user, String host) {
            return Optional.of(Access.FULL);
        }
    }

    /** In half of the lives the journal is slow, so that much waits for it. */
    private static IntSupplier slowness(Dice dice) {
        boolean slow = dice.flip();
        return () -> slow && dice.flip() ? dice.below(15) : 0;
    }

    private void slow(String file) {
        String thread = scheduler.currentName();
        if (thread.equals("taffrail-journal")
                || (thread.equals("taffrail-checkpoint") && !file.endsWith(".journal"))) {
            scheduler.preemption(4, name -> name.startsWith("loop-"));
        }
    }

    Trace trace() {
        return trace;
    }

    SimDisk disk() {
        return disk;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    /** Whether answers that come now come from a machine that is no more. */
    boolean isOver() {
        return over || disk.isDead();
    }

    void end() {
        over = true;
    }

    Wire connect(Wire.Client client) {
        return new Wire(loop, dice.split(), ++numbers,
                dice.pick(List.of(0, 2, 20)), Wire.AMQP, client,
                channel -> AmqpListener.accept(channel, services, connections));
    }

    private <T> T await(String what, CompletableFuture<T> answer) {
        scheduler.until(what, answer::isDone);
        if (disk.isDead()) {
            throw new PowerCut();
        }
        if (answer.isCompletedExceptionally()) {
            throw new Violation("nothing is refused without cause",
                    what + ": " + answer.exceptionNow(), answer.exceptionNow());
        }
        return answer.join();
    }

    /** Stops in order; clients have gone. */
    void stop() {
        var _ = await("the virtual host to close", hosts.closing());
        scheduler.until("the loop to be idle", owner::isIdle);
        end();
        engine.close();
    }
}
