package io.taffrail.verify.check;

import io.taffrail.verify.history.Phase;
import io.taffrail.verify.history.Value;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** The outcomes of all messages sent to one place; about 20 bytes for each message. */
final class Sends {

    static final byte NEVER = 0;
    static final byte INVOKED = 1;
    static final byte OK = 2;
    static final byte FAILED = 3;
    static final byte UNKNOWN = 4;

    /** A callback for {@link #acknowledged(Visitor)}. */
    @FunctionalInterface
    interface Visitor {

        void visit(long value, long offset, long timeNs);
    }

    private static final class OfProducer {

        private byte[] states = new byte[1024];
        private long[] offsets = new long[1024];
        private long[] timesNs = new long[1024];

        void reserve(int index) {
            if (index >= states.length) {
                int length = Math.max(index + 1, states.length * 2);
                states = Arrays.copyOf(states, length);
                offsets = Arrays.copyOf(offsets, length);
                timesNs = Arrays.copyOf(timesNs, length);
            }
        }
    }

    private final Map<Integer, OfProducer> producers = new TreeMap<>();
    private final long[] counts = new long[UNKNOWN + 1];

    /** Records the phase of a send; {@code offset} is -1 if unknown. */
    void note(long value, Phase phase, long offset, long timeNs) {
        OfProducer producer = producers.computeIfAbsent(Value.producer(value),
                _ -> new OfProducer());
        int index = Math.toIntExact(Value.sequence(value));
        producer.reserve(index);
        byte state = switch (phase) {
            case INVOKE -> INVOKED;
            case OK -> OK;
            case FAIL -> FAILED;
            case UNKNOWN -> UNKNOWN;
        };
        counts[producer.states[index]]--;
        counts[state]++;
        producer.states[index] = state;
        producer.offsets[index] = offset;
        producer.timesNs[index] = timeNs;
    }

    byte state(long value) {
        OfProducer producer = producers.get(Value.producer(value));
        long index = Value.sequence(value);
        return producer == null || index >= producer.states.length
                ? NEVER
                : producer.states[(int) index];
    }

    /** Returns the time of the message's last event in nanoseconds; 0 if it was never sent. */
    long timeNs(long value) {
        OfProducer producer = producers.get(Value.producer(value));
        return state(value) != NEVER && producer != null
                ? producer.timesNs[(int) Value.sequence(value)]
                : 0;
    }

    /** Returns the number of messages in a state. */
    long count(byte state) {
        return counts[state];
    }

    /** Returns the number of all messages. */
    long count() {
        return counts[INVOKED] + counts[OK] + counts[FAILED] + counts[UNKNOWN];
    }

    /** Visits all acknowledged messages, producer by producer in the order of sending. */
    void acknowledged(Visitor visitor) {
        producers.forEach((number, producer) -> {
            for (int i = 0; i < producer.states.length; i++) {
                if (producer.states[i] == OK) {
                    visitor.visit(Value.of(number, i), producer.offsets[i], producer.timesNs[i]);
                }
            }
        });
    }
}
