package io.taffrail.http.metrics;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;

/** The Java virtual machine: heap, collections, and the processor time of the broker's threads. */
record JvmMetrics(Families families) {

    private static final double MS_PER_SECOND = 1000;
    private static final double NS_PER_SECOND = 1e9;
    private static final String OWN = "taffrail-";

    void add() {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        families.gauge("jvm_memory_used_bytes", "Memory in use", heap.getUsed(), "area", "heap");
        families.gauge("jvm_memory_max_bytes", "Limit of memory", heap.getMax(), "area", "heap");
        for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
            families.counter("jvm_gc_collections", "Garbage collections",
                    Math.max(0, gc.getCollectionCount()), "gc", gc.getName());
            families.counter("jvm_gc_collection_seconds", "Time of garbage collections",
                    Math.max(0, gc.getCollectionTime()) / MS_PER_SECOND, "gc", gc.getName());
        }
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        families.gauge("jvm_threads_current", "Threads", threads.getThreadCount());
        if (threads.isThreadCpuTimeSupported()) {
            for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
                if (thread != null && thread.getThreadName().startsWith(OWN)) {
                    families.counter("taffrail_thread_cpu_seconds",
                            "Processor time of a thread; its growth is the busy share of the"
                                    + " thread",
                            Math.max(0, threads.getThreadCpuTime(thread.getThreadId()))
                                    / NS_PER_SECOND,
                            "thread", thread.getThreadName(), "id",
                            String.valueOf(thread.getThreadId()));
                }
            }
        }
    }
}
