package io.taffrail.bench.measure;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Samples the processor time of each thread of a process. For a single thread. */
final class ThreadSampler {
    /** A thread that used less than this share of a core in an interval counts as waiting. */
    private static final double WAITING_SHARE = 0.05;

    private final long pid;
    private final Map<Long, Track> tracks = new HashMap<>();
    private double cpuSeconds;
    private long previousNs;

    ThreadSampler(long pid) {
        this.pid = pid;
        this.previousNs = System.nanoTime();
    }

    void sample() throws IOException {
        long nowNs = System.nanoTime();
        double elapsedSeconds = (nowNs - previousNs) / 1e9;
        previousNs = nowNs;
        cpuSeconds = Math.max(cpuSeconds, ProcFs.cpuSeconds(pid));
        for (var thread : ProcFs.threads(pid).entrySet()) {
            tracks.computeIfAbsent(thread.getKey(), _ -> new Track()).add(thread.getValue(),
                    elapsedSeconds);
        }
    }

    ClientUse use() {
        Track busiest = tracks.values().stream()
                .max((a, b) -> Double.compare(a.cpuSeconds, b.cpuSeconds)).orElseGet(Track::new);
        return new ClientUse(cpuSeconds, busiest.name, busiest.workingShare());
    }

    private static final class Track {
        private final List<Double> shares = new ArrayList<>();
        private String name = "none";
        private double cpuSeconds;

        void add(ProcFs.Stat stat, double elapsedSeconds) {
            double share = (stat.cpuSeconds() - cpuSeconds) / elapsedSeconds;
            if (share >= WAITING_SHARE) {
                shares.add(share);
            }
            // A thread gets its name only after it has started.
            // The JVM launcher's thread "java" runs main.
            name = stat.name().equals("java") ? "main" : stat.name();
            cpuSeconds = stat.cpuSeconds();
        }

        double workingShare() {
            List<Double> sorted = shares.stream().sorted().toList();
            return sorted.isEmpty() ? 0 : Math.min(1, sorted.get(sorted.size() / 2));
        }
    }
}
