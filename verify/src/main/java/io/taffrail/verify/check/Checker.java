package io.taffrail.verify.check;

import io.taffrail.verify.history.Event;
import io.taffrail.verify.history.Phase;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Derives the violated guarantees from a history, and from nothing else.
 * Memory use grows by about 100 bytes for each message. For a single thread.
 */
public final class Checker {

    private static final String QUEUES = "amqp:";

    private final Findings findings = new Findings();
    private final Timeline timeline = new Timeline();
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final Map<String, CommittedOffsets> commits = new LinkedHashMap<>();
    private boolean lastFaultFailed;
    private long lastTimeNs;

    public Checker() {
        findings.timeline(timeline);
    }

    /** Processes the next event. Events must be passed in the order of the history. */
    public void accept(Event event) {
        timeline.accept(event);
        lastTimeNs = event.timeNs();
        switch (event.action()) {
            case FAULT -> fault(event);
            case COMMIT -> commits(event).commit(event);
            case COMMITTED -> commits(event).committed(event);
            default -> {
                if (!event.place().isEmpty()) {
                    places.computeIfAbsent(event.place(), this::place).accept(event);
                }
            }
        }
    }

    private Place place(String name) {
        return name.startsWith(QUEUES)
                ? new QueuePlace(name, findings)
                : new LogPlace(name, findings);
    }

    private CommittedOffsets commits(Event event) {
        String group = event.note();
        return commits.computeIfAbsent(group + " " + event.place(),
                _ -> new CommittedOffsets(group, event.place(), findings));
    }

    private void fault(Event event) {
        lastFaultFailed = event.phase() == Phase.FAIL;
        if (lastFaultFailed) {
            findings.add(Anomaly.Kind.NOT_RECOVERED, event.place(), event.timeNs(), event.note());
        }
    }

    /** Returns the findings; called once, after the last event. */
    public Findings finish() {
        for (Map.Entry<String, Place> entry : places.entrySet()) {
            entry.getValue().finish();
            if (!entry.getValue().complete() && !lastFaultFailed) {
                findings.unchecked(entry.getKey() + " was not read to its end");
            }
        }
        for (CommittedOffsets of : commits.values()) {
            if (places.get(of.place()) instanceof LogPlace log) {
                log.checkDelivered(of.group(), of.lastKnown());
            }
        }
        if (findings.tally().acknowledged() == 0) {
            findings.unchecked("nothing was acknowledged in " + lastTimeNs / 1_000_000 + " ms");
        }
        return findings;
    }
}
