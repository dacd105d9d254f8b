package io.taffrail.verify.check;

import static io.taffrail.verify.check.Times.at;

import io.taffrail.verify.check.Anomaly.Kind;
import io.taffrail.verify.history.Event;
import io.taffrail.verify.history.Phase;
import io.taffrail.verify.history.Value;
import java.util.HashMap;
import java.util.Map;

/**
 * The check of one queue. Every confirmed message must be delivered to a consumer or found when
 * the queue is drained at the end, and a message that was delivered but not settled must return.
 * AMQP 0-9-1 does not confirm acknowledgements, so a settled message may also return;
 * this is counted, but is not an anomaly.
 */
final class QueuePlace implements Place {

    private final String name;
    private final Findings findings;
    private final Sends sends = new Sends();
    /** The latest delivery of each message. */
    private final Map<Long, Delivery> deliveries = new HashMap<>();
    /**
     * For each process and producer, the highest value that was delivered
     * without the redelivered flag.
     */
    private final Map<String, Map<Integer, Long>> highest = new HashMap<>();
    private boolean complete;
    private String ending = "";
    private long delivered;
    private long repeated;

    private record Delivery(long timeNs, String process, boolean settled) {}

    QueuePlace(String name, Findings findings) {
        this.name = name;
        this.findings = findings;
    }

    @Override
    public void accept(Event event) {
        switch (event.action()) {
            case SEND -> sends.note(event.value(), event.phase(), event.offset(), event.timeNs());
            case DELIVER -> deliver(event);
            case SETTLE -> deliveries.computeIfPresent(event.value(),
                    (_, last) -> new Delivery(last.timeNs(), last.process(), true));
            case DRAIN -> {
                complete = event.phase() == Phase.OK;
                ending = event.note().isEmpty() ? "" : " (" + event.note() + ")";
            }
            default -> {
            }
        }
    }

    @Override
    public boolean complete() {
        return complete || sends.count() == 0;
    }

    private void deliver(Event event) {
        long value = event.value();
        if (value == Value.NONE) {
            findings.add(Kind.UNEXPECTED, name, event.timeNs(),
                    "delivered" + at(event.timeNs()) + " data that no producer sent: "
                            + event.note());
            return;
        }
        delivered++;
        Delivery before = deliveries.put(value,
                new Delivery(event.timeNs(), event.process(), false));
        boolean isNew = !event.note().equals("again");
        if (before != null) {
            repeated++;
        }
        if (before != null && isNew && before.process().equals(event.process())) {
            findings.add(Kind.DUPLICATED, name, event.timeNs(),
                    Value.text(value) + " was delivered to " + event.process() + " as new twice,"
                            + at(before.timeNs()) + " and" + at(event.timeNs()));
        } else if (isNew) {
            order(event);
        }
    }

    private void order(Event event) {
        long value = event.value();
        long before = highest.computeIfAbsent(event.process(), _ -> new HashMap<>())
                .merge(Value.producer(value), value, Math::max);
        if (before > value) {
            findings.add(Kind.REORDERED, name, event.timeNs(), Value.text(value)
                    + " was delivered to " + event.process() + at(event.timeNs()) + ", after "
                    + Value.text(before));
        }
    }

    @Override
    public void finish() {
        findings.tally().sends(sends);
        findings.tally().deliveries(delivered, repeated);
        if (!complete) {
            return;
        }
        sends.acknowledged((value, _, timeNs) -> {
            if (!deliveries.containsKey(value)) {
                findings.add(Kind.NEVER_DELIVERED, name, timeNs, Value.text(value) + " confirmed"
                        + at(timeNs) + " was neither delivered nor left in the queue" + ending);
            }
        });
        long recovered = 0;
        for (Map.Entry<Long, Delivery> entry : deliveries.entrySet()) {
            byte state = sends.state(entry.getKey());
            if (state == Sends.UNKNOWN || state == Sends.INVOKED) {
                recovered++;
            }
            delivered(entry.getKey(), entry.getValue(), state);
        }
        findings.tally().found(deliveries.size(), recovered);
    }

    private void delivered(long value, Delivery last, byte state) {
        if (state == Sends.OK && !last.settled()) {
            findings.add(Kind.LOST, name, last.timeNs(),
                    Value.text(value) + " confirmed" + at(sends.timeNs(value))
                            + " was delivered to " + last.process() + at(last.timeNs())
                            + ", not settled, and never came back" + ending);
        } else if (state == Sends.NEVER || state == Sends.FAILED) {
            findings.add(Kind.UNEXPECTED, name, last.timeNs(),
                    Value.text(value) + " was delivered" + at(last.timeNs()) + " though it was "
                            + (state == Sends.FAILED ? "refused" : "never sent"));
        }
    }
}
