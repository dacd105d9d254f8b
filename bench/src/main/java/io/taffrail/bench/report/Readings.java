package io.taffrail.bench.report;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** The figures of one run. */
public final class Readings {
    private final Map<Metric, Double> values = new EnumMap<>(Metric.class);
    private String busiestClientThread = "";

    public Readings with(Metric metric, double value) {
        values.put(metric, value);
        return this;
    }

    public Readings withBusiestClientThread(String name) {
        busiestClientThread = name;
        return this;
    }

    public Map<Metric, Double> values() {
        return Collections.unmodifiableMap(values);
    }

    /** Name of the client's busiest thread; empty if the work had no client process. */
    public String busiestClientThread() {
        return busiestClientThread;
    }
}
