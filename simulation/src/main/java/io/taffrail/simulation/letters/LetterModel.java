package io.taffrail.simulation.letters;

import io.taffrail.simulation.world.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The messages that clients published, and the places where each may be. */
final class LetterModel {

    static final String TOPIC = "t";
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

        @Override
        public String toString() {
            return kind + " " + body.strip() + (confirmed ? " confirmed" : "")
                    + (inTopic ? " seen in the topic" : "");
        }
    }

    private final List<Sent> all = new ArrayList<>();
    private final String filler;

    /**
     * @param bodyBytes
     *            approximate size of a message in bytes
     */
    LetterModel(int bodyBytes) {
        this.filler = " ".repeat(bodyBytes);
    }

    Sent publish(Kind kind) {
        Sent sent = new Sent("m" + all.size() + filler, kind);
        all.add(sent);
        return sent;
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
            sent.inTopic = inTopic > 0;
            switch (sent.kind) {
                case LETTER -> {
                    require(inQueues + inTopic <= 1, "a letter is in one place", found);
                    require(!sent.confirmed || inQueues + inTopic == 1, "nothing is lost", found);
                }
                case AT_LEAST_ONCE -> require(!sent.confirmed || inQueues + inTopic > 0,
                        "nothing is lost", found);
                case DELAYED -> {
                    require(inTopic <= 1, "a delayed message comes once", found);
                    require(!sent.confirmed || inTopic == 1, "nothing is lost", found);
                }
                case FANOUT -> {
                    require(inQueues == inTopic && inTopic <= 1, "a fan-out is whole or absent",
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
