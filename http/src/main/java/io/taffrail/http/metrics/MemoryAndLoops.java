package io.taffrail.http.metrics;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import io.taffrail.log.spi.Owner;
import io.taffrail.net.EventLoops;

/** The memory budget of connections, and the tasks that wait for event loops. */
final class MemoryAndLoops {

    private MemoryAndLoops() {}

    static void add(Families families, EventLoops loops) {
        families.gauge("taffrail_memory_budget_bytes", "Memory that connections may hold",
                loops.memory().totalBytes());
        families.gauge("taffrail_memory_charged_bytes", "Memory that connections hold",
                loops.memory().chargedBytes());
        families.counter("taffrail_loop_tasks", "Tasks handed to event loops", loops.tasks());
        int number = 0;
        for (Owner owner : loops.owners()) {
            EventLoop loop = loops.loop(owner);
            if (loop instanceof SingleThreadEventLoop single) {
                families.gauge("taffrail_loop_waiting_tasks", "Tasks that wait for an event loop",
                        single.pendingTasks(), "loop", String.valueOf(number));
            }
            number++;
        }
    }
}
