package io.taffrail.verify.check;

import io.taffrail.verify.history.Action;
import io.taffrail.verify.history.Event;
import io.taffrail.verify.history.Phase;
import io.taffrail.verify.history.Value;

/** A hand-written history with one millisecond between events. */
final class Story {

    static final String LOG = "kafka:t/0";
    static final String QUEUE = "amqp:q";
    static final String GROUP = "g";

    private final Checker checker = new Checker();
    private long timeNs;

    static Story begin() {
        return new Story();
    }

    Story event(Event event) {
        timeNs += 1_000_000;
        checker.accept(event.at(timeNs));
        return this;
    }

    Findings end() {
        return checker.finish();
    }

    /** Adds a message that is sent and acknowledged at an offset. */
    Story stored(long value, long offset) {
        return send(LOG, value, Phase.INVOKE).event(Event
                .of("p", Action.SEND, Phase.OK, LOG).value(value).offset(offset));
    }

    Story send(String place, long value, Phase phase) {
        return event(Event.of("p", Action.SEND, phase, place).value(value));
    }

    Story confirmed(long value) {
        return send(QUEUE, value, Phase.INVOKE).send(QUEUE, value, Phase.OK);
    }

    Story read(long value, long offset) {
        return event(Event.of("c", Action.READ, Phase.OK, LOG).value(value).offset(offset));
    }

    /** Adds a complete scan that finds these values at offsets from 0. */
    Story scan(long... values) {
        event(Event.of("s", Action.SCAN, Phase.INVOKE, LOG));
        for (int offset = 0; offset < values.length; offset++) {
            event(Event.of("s", Action.SCANNED, Phase.OK, LOG).value(values[offset])
                    .offset(offset));
        }
        return event(Event.of("s", Action.SCAN, Phase.OK, LOG).offset(values.length));
    }

    Story commit(long offset, Phase phase) {
        return event(Event.of("c", Action.COMMIT, phase, LOG).offset(offset).note(GROUP));
    }

    Story committed(long offset) {
        return event(Event.of("o", Action.COMMITTED, Phase.INVOKE, LOG).note(GROUP))
                .event(Event.of("o", Action.COMMITTED, Phase.OK, LOG).offset(offset).note(GROUP));
    }

    Story deliver(String process, long value, boolean again) {
        return event(Event.of(process, Action.DELIVER, Phase.OK, QUEUE).value(value)
                .note(again ? "again" : ""));
    }

    Story settle(String process, long value) {
        return event(Event.of(process, Action.SETTLE, Phase.INVOKE, QUEUE).value(value));
    }

    Story drained() {
        return event(Event.of("drain", Action.DRAIN, Phase.OK, QUEUE));
    }

    Story fault(String name, Phase phase) {
        return event(Event.of("faults", Action.FAULT, phase, "").note(name));
    }

    /** Returns the message of producer 0 with this sequence. */
    static long v(long sequence) {
        return Value.of(0, sequence);
    }
}
