package io.taffrail.verify.check;

import io.taffrail.verify.history.Action;
import io.taffrail.verify.history.Event;
import io.taffrail.verify.history.Phase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts of acknowledgements, faults and anomalies over time, in steps of {@link #STEP_NS}. */
public final class Timeline {

    /** Length of a step in nanoseconds: 100 ms. */
    public static final long STEP_NS = 100_000_000;
    /** Number of steps in ten days. Later events count in the last step. */
    private static final int MOST_STEPS = 10 * 24 * 3600 * 10;

    /**
     * A fault that was injected.
     *
     * @param name
     *            label of the fault
     * @param beginNs
     *            time of the injection, in nanoseconds since the history began
     * @param endNs
     *            time at which the broker served again; -1 if it never did
     */
    public record Fault(String name, long beginNs, long endNs) {}

    private final List<long[]> acknowledged = new ArrayList<>();
    private final Map<Anomaly.Kind, Map<Integer, Long>> anomalies = new EnumMap<>(
            Anomaly.Kind.class);
    private final List<Fault> faults = new ArrayList<>();
    private long beforeFaults;

    void accept(Event event) {
        if (event.acknowledges()) {
            count(event.timeNs());
            beforeFaults += faults.isEmpty() ? 1 : 0;
        } else if (event.action() == Action.FAULT) {
            fault(event);
        }
    }

    private void count(long timeNs) {
        int step = step(timeNs);
        while (acknowledged.size() <= step) {
            acknowledged.add(new long[1]);
        }
        acknowledged.get(step)[0]++;
    }

    private void fault(Event event) {
        if (event.phase() == Phase.INVOKE) {
            faults.add(new Fault(event.note(), event.timeNs(), -1));
        } else if (event.phase() == Phase.OK && !faults.isEmpty()) {
            Fault last = faults.removeLast();
            faults.add(new Fault(last.name(), last.beginNs(), event.timeNs()));
        }
    }

    void anomaly(Anomaly.Kind kind, long timeNs) {
        anomalies.computeIfAbsent(kind, _ -> new java.util.HashMap<>()).merge(step(timeNs), 1L,
                Long::sum);
    }

    private static int step(long timeNs) {
        return (int) Math.min(timeNs / STEP_NS, MOST_STEPS);
    }

    /**
     * Returns the acknowledgements in the steps from {@code fromStep} (inclusive)
     * to {@code toStep} (exclusive).
     */
    public long acknowledged(int fromStep, int toStep) {
        long sum = 0;
        for (int step = fromStep; step < Math.min(toStep, acknowledged.size()); step++) {
            sum += acknowledged.get(step)[0];
        }
        return sum;
    }

    /** Returns the number of steps up to the last acknowledgement. */
    public int acknowledgedSteps() {
        return acknowledged.size();
    }

    /** Returns the acknowledgements before the first fault. */
    public long acknowledgedBeforeFaults() {
        return beforeFaults;
    }

    /** Returns the step of the first acknowledgement; 0 if there is none. */
    public int firstAcknowledgedStep() {
        int step = 0;
        while (step < acknowledged.size() && acknowledged.get(step)[0] == 0) {
            step++;
        }
        return step;
    }

    /**
     * Returns the anomalies of a kind in the steps from {@code fromStep} (inclusive)
     * to {@code toStep} (exclusive).
     */
    public long anomalies(Anomaly.Kind kind, int fromStep, int toStep) {
        return anomalies.getOrDefault(kind, Map.of()).entrySet().stream()
                .filter(entry -> entry.getKey() >= fromStep && entry.getKey() < toStep)
                .mapToLong(Map.Entry::getValue).sum();
    }

    public List<Fault> faults() {
        return Collections.unmodifiableList(faults);
    }
}
