package io.taffrail.verify.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The result of a check: counters, and the first anomalies of each kind in full. */
public final class Findings {

    /** Number of anomalies of one kind that are kept in full. */
    static final int EXAMPLES = 10;

    private final Map<Anomaly.Kind, Long> counts = new EnumMap<>(Anomaly.Kind.class);
    private final Map<Anomaly.Kind, List<Anomaly>> examples = new EnumMap<>(Anomaly.Kind.class);
    private final Tally tally = new Tally();
    private final List<String> unchecked = new ArrayList<>();
    private Timeline timeline = new Timeline();

    /** Counters of events that violate no guarantee. */
    public static final class Tally {

        private long sent;
        private long acknowledged;
        private long refused;
        private long unknown;
        private long stored;
        private long recovered;
        private long repeated;
        private long delivered;

        /** Messages that were passed to a client for sending. */
        public long sent() {
            return sent;
        }

        public long acknowledged() {
            return acknowledged;
        }

        /** Messages that the broker refused, and so certainly did not store. */
        public long refused() {
            return refused;
        }

        /** Messages that were neither acknowledged nor refused. */
        public long unknown() {
            return unknown;
        }

        /** Messages found at the end, or delivered by a queue. */
        public long stored() {
            return stored;
        }

        /** Messages of unknown outcome that were found. */
        public long recovered() {
            return recovered;
        }

        /** Repeated deliveries, which at-least-once delivery allows. */
        public long repeated() {
            return repeated;
        }

        /** Deliveries to consumers, including repeated ones. */
        public long delivered() {
            return delivered;
        }

        private long transactions;
        private long committed;
        private long aborted;
        private long undecided;
        private long interleaved;

        /** Transactions that were begun. */
        public long transactions() {
            return transactions;
        }

        /** Transactions whose commit was confirmed. */
        public long committed() {
            return committed;
        }

        /** Transactions that certainly were not committed. */
        public long aborted() {
            return aborted;
        }

        /** Transactions whose commit was requested and neither confirmed nor refused. */
        public long undecided() {
            return undecided;
        }

        /**
         * Transactions that precede each other, in different partitions. Kafka's protocol allows
         * it,
         * because it does not isolate writes.
         */
        public long interleaved() {
            return interleaved;
        }

        void transactions(long begun, long ofCommitted, long ofAborted) {
            transactions = begun;
            committed = ofCommitted;
            aborted = ofAborted;
            undecided = begun - ofCommitted - ofAborted;
        }

        void interleaved(long count) {
            interleaved = count;
        }

        /** Counts messages of transactions by the outcome of their transaction. */
        void transactional(long ofAll, long ofCommitted, long ofAborted) {
            sent += ofAll;
            acknowledged += ofCommitted;
            refused += ofAborted;
            unknown += ofAll - ofCommitted - ofAborted;
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

    /** Number of anomalies of one kind. */
    public long count(Anomaly.Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /** Number of all anomalies. */
    public long anomalies() {
        return Arrays.stream(Anomaly.Kind.values()).mapToLong(this::count).sum();
    }

    /** The first anomalies of one kind, at most {@value #EXAMPLES}. */
    public List<Anomaly> examples(Anomaly.Kind kind) {
        return Collections.unmodifiableList(examples.getOrDefault(kind, List.of()));
    }

    /** Reasons for which the history is too incomplete for a verdict; empty if it is complete. */
    public List<String> unchecked() {
        return Collections.unmodifiableList(unchecked);
    }
}
