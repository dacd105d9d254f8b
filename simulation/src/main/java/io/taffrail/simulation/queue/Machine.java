package io.taffrail.simulation.queue;

import io.taffrail.broker.queue.Session;
import io.taffrail.broker.vhost.HostOptions;
import io.taffrail.broker.vhost.LiveVirtualHosts;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.log.local.Environment;
import io.taffrail.log.local.LocalLogEngine;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.Owner;
import io.taffrail.simulation.disk.SimDisk;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.PowerCut;
import io.taffrail.simulation.world.Scheduler;
import io.taffrail.simulation.world.SimClock;
import io.taffrail.simulation.world.SimOwner;
import io.taffrail.simulation.world.SimThreads;
import io.taffrail.simulation.world.Trace;
import io.taffrail.simulation.world.Violation;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A virtual host between a start and a crash or a stop, with the threads it has in that time. */
final class Machine {

    private static final Path DIRECTORY = Path.of("/sim/data");

    private final SimDisk disk;
    private final SimClock clock;
    private final Trace trace;
    private final Scheduler scheduler;
    private final SimOwner owner;
    private final LogEngine engine;
    private final LiveVirtualHosts hosts;
    private final VirtualHost host;
    private final Session session = new Session("client");
    private boolean over;

    Machine(int number, Plan plan, SimDisk disk, SimClock clock, Dice dice, Trace trace) {
        this.disk = disk;
        this.clock = clock;
        this.trace = trace;
        this.scheduler = new Scheduler(dice, clock, trace, disk::isDead);
        this.owner = new SimOwner(scheduler, "loop-0");
        disk.slowness(this::slow);
        LocalLogEngine local = LocalLogEngine.open(DIRECTORY, plan.config(),
                new Environment(disk, clock, new SimThreads(scheduler)));
        // The process ends where only a restart helps.
        local.onFailure(_ -> disk.die());
        this.engine = new SmallLogs(local, plan.segmentBytes());
        int[] ids = {0};
        this.hosts = await("the virtual host to open", LiveVirtualHosts.opening(engine,
                new Lease("node", number), List.<Owner>of(owner), clock,
                _ -> new SimTimers(scheduler, owner, owner::isEnding),
                () -> "id-" + number + "-" + ids[0]++, new HostOptions(0, null)));
        this.host = hosts.find("/").orElseThrow();
    }

    private void slow(String file) {
        if (scheduler.currentName().equals("taffrail-journal")) {
            scheduler.preemption(4, name -> name.startsWith("loop-"));
        } else if (!scheduler.currentName().startsWith("loop-") && !file.endsWith(".journal")
                && !scheduler.currentName().equals("main")) {
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

    VirtualHost host() {
        return host;
    }

    Session session() {
        return session;
    }

    long nowMs() {
        return clock.millis();
    }

    /** Whether answers that come now come from a machine that is no more. */
    boolean isOver() {
        return over || disk.isDead();
    }

    void end() {
        over = true;
    }

    /** Runs something as the virtual host's clients do, later. */
    void onOwner(Runnable action) {
        owner.execute(action);
    }

    /** Asks the virtual host for something and lets things happen until it is answered. */
    <T> T ask(String what, Supplier<CompletableFuture<T>> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        owner.execute(() -> {
            var _ = question.get().whenComplete((value, failure) -> {
                if (failure == null) {
                    answer.complete(value);
                } else {
                    answer.completeExceptionally(failure);
                }
            });
        });
        return await(what, answer);
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

    /** Stops in order. */
    void stop() {
        await("the virtual host to close", hosts.closing());
        scheduler.until("the loop to be idle", owner::isIdle);
        end();
        engine.close();
    }
}
