package io.taffrail.simulation.letters;

import io.taffrail.simulation.world.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The messages that clients published, and the places where each may be. */
final class LetterModel {

    static final String TOPIC = "t";
    /** A topic that takes records with keys only, until the last check. */
    static final String KEYED = "keyed";
    /** A topic that takes small records only, at times. */
    static final String SMALL = "small";
    /** A stream of the virtual host. */
    static final String STREAM = "stream";
    static final String FANOUT = "fan";
    static final String DELAYED = "later";
    /** The queue that is bound to the fan-out, besides a partition on the other owner. */
    static final String FANOUT_QUEUE = "f";

    /** The route of a message. */
    enum Kind {
        /** To a queue whose dead letters go to a partition. */
        LETTER,
        /** As {@link #LETTER}, dead-lettered at least once. */
        AT_LEAST_ONCE,
        /** To a queue whose dead letters go, without a key, to a topic that requires one. */
        KEYLESS,
        /** As {@link #KEYLESS}, dead-lettered at least once. */
        KEYLESS_AT_LEAST_ONCE,
        /** To a queue whose dead letters go to a topic for which they are too large at times. */
        LARGE,
        /** As {@link #LARGE}, dead-lettered at least once. */
        LARGE_AT_LEAST_ONCE,
        /** To a delaying exchange that is bound to partitions. */
        DELAYED,
        /** To a queue and a partition in one publish. */
        FANOUT
    }

    /** A published message. */
    static final class Sent {
        private final String body;
        private final Kind kind;
        private boolean confirmed;
        private boolean given;
        /** True if its parts may be stored separately, because an outbox failed. */
        private boolean parted;
        private boolean inTopic;

        private Sent(String body, Kind kind) {
            this.body = body;
            this.kind = kind;
        }

        String body() {
            return body;
        }

        void confirmed() {
            confirmed = true;
        }

        private boolean isKeyless() {
            return kind == Kind.KEYLESS || kind == Kind.KEYLESS_AT_LEAST_ONCE;
        }

        /** True if it may have left its queue: it was rejected, or the outcome is unknown. */
        private boolean mayHaveGone() {
            return given;
        }

        @Override
        public String toString() {
            return kind + " " + body.strip() + (confirmed ? " confirmed" : "")
                    + (inTopic ? " seen in the topic" : "");
        }
    }

    private final List<Sent> all = new ArrayList<>();
    private final Map<String, Sent> byBody = new HashMap<>();
    private final String filler;
    private boolean doubtful;
    private boolean keysRequired = true;
    /** True if no topic refuses a letter any more. */
    private boolean takesAll;

    /**
     * @param bodyBytes
     *            approximate size of a message in bytes
     */
    LetterModel(int bodyBytes) {
        this.filler = " ".repeat(bodyBytes);
    }

    Sent publish(Kind kind) {
        Sent sent = new Sent("m" + all.size() + filler, kind);
        sent.parted = doubtful;
        all.add(sent);
        byBody.put(sent.body, sent);
        return sent;
    }

    /** Exchange that routes dead letters, which have no key, to a partition of {@link #KEYED}. */
    static String keyless(int partition) {
        return "keyless" + partition;
    }

    /**
     * An outbox fails: publishes that are not confirmed, and those to come in this life of the
     * machine, may be stored in part.
     */
    void doubt() {
        doubtful = true;
        all.forEach(sent -> sent.parted |= !sent.confirmed);
    }

    void machineDied() {
        doubtful = false;
    }

    /** A client is about to reject this message. */
    void rejects(String body) {
        Sent sent = byBody.get(body);
        if (sent == null) {
            throw new Violation("what is delivered was published", body.strip());
        }
        sent.given = true;
    }

    /** {@link #KEYED} is about to be changed so that it takes records without a key. */
    void keysNotRequired() {
        keysRequired = false;
    }

    /** From now on every topic takes every letter. */
    void takesAll() {
        takesAll = true;
    }

    /**
     * Compares with the messages found, when none is in transit.
     *
     * @param queued
     *            number of occurrences of each body in queues
     * @param stored
     *            number of occurrences of each body in the topic
     */
    void check(Map<String, Integer> queued, Map<String, Integer> stored) {
        for (Sent sent : all) {
            int inQueues = queued.getOrDefault(sent.body, 0);
            int inTopic = stored.getOrDefault(sent.body, 0);
            String found = sent + ": " + inQueues + " in queues, " + inTopic + " in the topic";
            require(!sent.inTopic || inTopic > 0, "what is in the topic stays there", found);
            require(!keysRequired || !sent.isKeyless() || inTopic == 0,
                    "a topic has no record that it does not take", found);
            sent.inTopic = inTopic > 0;
            switch (sent.kind) {
                case LETTER -> {
                    require(inQueues + inTopic <= 1, "a letter is in one place", found);
                    require(!sent.confirmed || inQueues + inTopic == 1, "nothing is lost", found);
                }
                case AT_LEAST_ONCE -> require(!sent.confirmed || inQueues + inTopic > 0,
                        "nothing is lost", found);
                case KEYLESS, LARGE -> {
                    require(inQueues + inTopic <= 1, "a letter is in one place", found);
                    require(!sent.confirmed || sent.mayHaveGone() || inQueues == 1,
                            "nothing is lost", found);
                }
                case KEYLESS_AT_LEAST_ONCE, LARGE_AT_LEAST_ONCE -> require(!sent.confirmed
                        || (sent.mayHaveGone() && !takesAll) || inQueues + inTopic > 0,
                        "nothing is lost", found);
                case DELAYED -> {
                    require(inTopic <= 1, "a delayed message comes once", found);
                    require(!sent.confirmed || inTopic == 1, "nothing is lost", found);
                }
                case FANOUT -> {
                    require((inQueues == inTopic || (sent.parted && !sent.confirmed))
                            && inQueues <= 1 && inTopic <= 1, "a fan-out is whole or absent",
                            found);
                    require(!sent.confirmed || inTopic == 1, "nothing is lost", found);
                }
            }
        }
    }

    private static void require(boolean holds, String invariant, String found) {
        if (!holds) {
            throw new Violation(invariant, found);
        }
    }
}
