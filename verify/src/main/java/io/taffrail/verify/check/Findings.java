package io.taffrail.verify.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What the checker found: counts of everything, and of each kind of anomaly the first few in full.
 */
public final class Findings {

    /** Anomalies of one kind that are kept in full. */
    static final int EXAMPLES = 10;

    private final Map<Anomaly.Kind, Long> counts = new EnumMap<>(Anomaly.Kind.class);
    private final Map<Anomaly.Kind, List<Anomaly>> examples = new EnumMap<>(Anomaly.Kind.class);
    private final Tally tally = new Tally();
    private final List<String> unchecked = new ArrayList<>();
    private Timeline timeline = new Timeline();

    /** What was counted that breaks no promise. */
    public static final class Tally {

        private long sent;
        private long acknowledged;
        private long refused;
        private long unknown;
        private long stored;
        private long recovered;
        private long repeated;
        private long delivered;

        /** Messages given to a client to send. */
        public long sent() {
            return sent;
        }

        public long acknowledged() {
            return acknowledged;
        }

        /** Certainly not stored, as the client was told. */
        public long refused() {
            return refused;
        }

        /** Neither acknowledged nor refused. */
        public long unknown() {
            return unknown;
        }

        /** Messages found at the end, or handed out by a queue. */
        public long stored() {
            return stored;
        }

        /** Of unknown outcome, and there. */
        public long recovered() {
            return recovered;
        }

        /** Delivered again, as at-least-once allows. */
        public long repeated() {
            return repeated;
        }

        /** Deliveries to consumers, repeated ones included. */
        public long delivered() {
            return delivered;
        }

        void sends(Sends sends) {
            sent += sends.count();
            acknowledged += sends.count(Sends.OK);
            refused += sends.count(Sends.FAILED);
            unknown += sends.count(Sends.UNKNOWN) + sends.count(Sends.INVOKED);
        }

        void found(long messages, long ofUnknownOutcome) {
            stored += messages;
            recovered += ofUnknownOutcome;
        }

        void deliveries(long all, long again) {
            delivered += all;
            repeated += again;
        }
    }

    void add(Anomaly.Kind kind, String place, long timeNs, String text) {
        counts.merge(kind, 1L, Long::sum);
        List<Anomaly> kept = examples.computeIfAbsent(kind, _ -> new ArrayList<>());
        if (kept.size() < EXAMPLES) {
            kept.add(new Anomaly(kind, place, timeNs, text));
        }
        timeline.anomaly(kind, timeNs);
    }

    void unchecked(String why) {
        unchecked.add(why);
    }

    void timeline(Timeline newTimeline) {
        timeline = newTimeline;
    }

    public Tally tally() {
        return tally;
    }

    public Timeline timeline() {
        return timeline;
    }

    /** How many anomalies of this kind. */
    public long count(Anomaly.Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /** How many anomalies in all. */
    public long anomalies() {
        return Arrays.stream(Anomaly.Kind.values()).mapToLong(this::count).sum();
    }

    /** The first of this kind. */
    public List<Anomaly> examples(Anomaly.Kind kind) {
        return Collections.unmodifiableList(examples.getOrDefault(kind, List.of()));
    }

    /** Why the history is not complete enough for a verdict; empty if it is. */
    public List<String> unchecked() {
        return Collections.unmodifiableList(unchecked);
    }
}
