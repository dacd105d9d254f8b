package io.taffrail.verify.check;

import static io.taffrail.verify.check.Times.at;

import io.taffrail.verify.check.Anomaly.Kind;
import io.taffrail.verify.history.Event;
import io.taffrail.verify.history.Phase;
import io.taffrail.verify.history.Value;
import java.util.HashMap;
import java.util.Map;

/**
 * The check of one partition. The last scan must find every acknowledged record exactly once, in
 * its producer's order, at the offset that was acknowledged and at which other consumers read it.
 */
final class LogPlace implements Place {

    private final String name;
    private final Sends sends = new Sends();
    /** The value first read by a group member at each offset, and the time of that read. */
    private final LongLongMap readAt = new LongLongMap();
    private final LongLongMap readTimesNs = new LongLongMap();
    /** Offsets already reported as changed, with the value read there later. */
    private final LongLongMap told = new LongLongMap();
    /** Values read by group members, with the offset of the first read. */
    private final LongLongMap readValues = new LongLongMap();
    /** Results of the last scan: value by offset, and first offset by value. */
    private final LongLongMap scanned = new LongLongMap();
    private final LongLongMap firstOffsets = new LongLongMap();
    private final Findings findings;
    private boolean complete;
    private boolean everScanned;
    private long deliveries;
    private long repeated;
    private long scanTimeNs;

    LogPlace(String name, Findings findings) {
        this.name = name;
        this.findings = findings;
    }

    @Override
    public void accept(Event event) {
        switch (event.action()) {
            case SEND -> sends.note(event.value(), event.phase(), event.offset(), event.timeNs());
            case READ -> read(event);
            case SCAN -> scan(event);
            case SCANNED -> scanned(event);
            default -> {
            }
        }
    }

    @Override
    public boolean complete() {
        return complete || sends.count() == 0;
    }

    private void read(Event event) {
        if (damaged(event)) {
            return;
        }
        deliveries++;
        long value = event.value();
        if (readValues.putIfAbsent(value, event.offset()) != event.offset()
                || readAt.get(event.offset()) == value) {
            repeated++;
        }
        if (readAt.get(event.offset()) == LongLongMap.NONE) {
            readTimesNs.putIfAbsent(event.offset(), event.timeNs());
        }
        long before = readAt.putIfAbsent(event.offset(), value);
        if (before != value && told.putIfAbsent(event.offset(), value) == value) {
            findings.add(Kind.STALE, name, event.timeNs(),
                    "offset " + event.offset() + " held " + Value.text(before) + " when read"
                            + at(readTimesNs.get(event.offset())) + ", and " + Value.text(value)
                            + " when " + event.process() + " read it" + at(event.timeNs()));
        }
    }

    private boolean damaged(Event event) {
        if (event.value() == Value.NONE) {
            findings.add(Kind.UNEXPECTED, name, event.timeNs(), "offset " + event.offset()
                    + " holds data that no producer sent, read" + at(event.timeNs()) + ": "
                    + event.note());
            return true;
        }
        return false;
    }

    private void scan(Event event) {
        complete = event.phase() == Phase.OK;
        everScanned |= complete;
        scanTimeNs = event.timeNs();
        if (event.phase() == Phase.INVOKE) {
            scanned.clear();
            firstOffsets.clear();
        }
    }

    private void scanned(Event event) {
        if (damaged(event)) {
            return;
        }
        long value = event.value();
        long before = scanned.putIfAbsent(event.offset(), value);
        if (before != value) {
            findings.add(Kind.STALE, name, event.timeNs(), "one scan found offset "
                    + event.offset() + " to hold " + Value.text(before) + " and "
                    + Value.text(value));
        }
        long first = firstOffsets.putIfAbsent(value, event.offset());
        if (first != event.offset()) {
            findings.add(Kind.DUPLICATED, name, sends.timeNs(value), Value.text(value)
                    + " is stored at offset " + first + " and at " + event.offset());
        }
    }

    @Override
    public void finish() {
        findings.tally().sends(sends);
        findings.tally().deliveries(deliveries, repeated);
        if (!everScanned) {
            return;
        }
        long[] offsets = scanned.sortedKeys();
        acknowledgedIsThere();
        readIsThere();
        order(offsets);
        long recovered = 0;
        for (long offset : offsets) {
            long value = scanned.get(offset);
            byte state = sends.state(value);
            if (state == Sends.UNKNOWN || state == Sends.INVOKED) {
                recovered++;
            } else if (state != Sends.OK) {
                findings.add(Kind.UNEXPECTED, name, scanTimeNs,
                        Value.text(value) + " is stored at offset " + offset + " though it was "
                                + (state == Sends.FAILED
                                        ? "refused" + at(sends.timeNs(value))
                                        : "never sent"));
            }
        }
        findings.tally().found(offsets.length, recovered);
    }

    private void acknowledgedIsThere() {
        sends.acknowledged((value, offset, timeNs) -> {
            long found = firstOffsets.get(value);
            if (found == LongLongMap.NONE) {
                long instead = scanned.get(offset);
                findings.add(Kind.LOST, name, timeNs, Value.text(value) + " acknowledged"
                        + at(timeNs) + " at offset " + offset
                        + (instead == Value.NONE
                                ? " is gone"
                                : " is gone; the offset holds " + Value.text(instead)));
            } else if (offset >= 0 && found != offset) {
                findings.add(Kind.STALE, name, timeNs, Value.text(value) + " acknowledged"
                        + at(timeNs) + " at offset " + offset + " is stored at " + found);
            }
        });
    }

    /**
     * Reports records that a consumer has read and that are gone or changed,
     * whatever their producers were told.
     */
    private void readIsThere() {
        for (long offset : readAt.sortedKeys()) {
            long read = readAt.get(offset);
            long now = scanned.get(offset);
            boolean lostAndCounted = now == Value.NONE && sends.state(read) == Sends.OK;
            if (now != read && !lostAndCounted && told.get(offset) == LongLongMap.NONE) {
                findings.add(Kind.STALE, name, readTimesNs.get(offset), "offset " + offset
                        + " held " + Value.text(read) + " when read" + at(readTimesNs.get(offset))
                        + ", and at the end "
                        + (now == Value.NONE ? "nothing" : Value.text(now)));
            }
        }
    }

    private void order(long[] offsets) {
        Map<Integer, Long> highest = new HashMap<>();
        for (long offset : offsets) {
            long value = scanned.get(offset);
            if (firstOffsets.get(value) != offset) {
                continue;
            }
            long before = highest.merge(Value.producer(value), value, Math::max);
            if (before > value) {
                findings.add(Kind.REORDERED, name, sends.timeNs(value),
                        Value.text(value) + " is stored at offset " + offset + ", after "
                                + Value.text(before) + " at " + firstOffsets.get(before));
            }
        }
    }

    /** Passes the offsets and messages that the last scan found, in their order. */
    void forEach(LongBiConsumer visitor) {
        for (long offset : scanned.sortedKeys()) {
            visitor.accept(offset, scanned.get(offset));
        }
    }

    /** Receives an offset and the message there. */
    @FunctionalInterface
    interface LongBiConsumer {

        void accept(long offset, long value);
    }

    /**
     * Reports acknowledged records below a group's final offset that no member
     * of the group has read.
     */
    void checkDelivered(String group, long committed) {
        if (!everScanned) {
            return;
        }
        for (long offset : scanned.sortedKeys()) {
            long value = scanned.get(offset);
            if (offset < committed && readValues.get(value) == LongLongMap.NONE
                    && sends.state(value) == Sends.OK) {
                findings.add(Kind.NEVER_DELIVERED, name, sends.timeNs(value),
                        Value.text(value) + " at offset " + offset + " was read by no member of "
                                + group + ", which has committed " + committed);
            }
        }
    }
}
