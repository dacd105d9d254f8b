package io.taffrail.verify.check;

import io.taffrail.verify.history.Action;
import io.taffrail.verify.history.Event;
import io.taffrail.verify.history.Phase;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Derives the violated guarantees from a history, and from nothing else.
 * Memory use grows by about 100 bytes for each message,
 * and 300 for each message of a transaction. For a single thread.
 */
public final class Checker {

    private static final String QUEUES = "amqp:";

    private static final String TRANSACTIONAL = "txn:";

    private final Findings findings = new Findings();
    private final TransactionGraph transactions = new TransactionGraph(findings);
    private final Bank bank = new Bank(transactions, findings);
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
            case TXN_BEGIN, TXN_COMMIT, TXN_ABORT -> transactions.accept(event);
            default -> {
                if (!event.place().isEmpty()) {
                    places.computeIfAbsent(event.place(), this::place).accept(event);
                    bank(event);
                }
            }
        }
    }

    /** Only requests of the bank have a note when they are sent. */
    private void bank(Event event) {
        boolean transactional = event.place().startsWith(TRANSACTIONAL);
        if (event.action() == Action.READ && transactional) {
            bank.read(event);
        } else if (event.action() == Action.SEND && event.phase() == Phase.INVOKE
                && !transactional && !event.note().isEmpty()) {
            bank.request(event);
        }
    }

    private Place place(String name) {
        if (name.startsWith(TRANSACTIONAL)) {
            return new TransactionalPlace(name, transactions, findings);
        }
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
        Map<LogPlace, Long> consumed = new LinkedHashMap<>();
        for (CommittedOffsets of : commits.values()) {
            if (places.get(of.place()) instanceof LogPlace log) {
                log.checkDelivered(of.group(), of.lastKnown());
                consumed.put(log, of.lastKnown());
            }
        }
        finishTransactions(consumed);
        if (findings.tally().acknowledged() == 0 && findings.tally().committed() == 0) {
            findings.unchecked("nothing was acknowledged in " + lastTimeNs / 1_000_000 + " ms");
        }
        return findings;
    }

    private void finishTransactions(Map<LogPlace, Long> consumed) {
        if (transactions.isEmpty()) {
            return;
        }
        boolean complete = places.values().stream().allMatch(Place::complete);
        transactions.finish(complete);
        if (complete && bank.isOpen()) {
            bank.finish(places.values().stream().filter(TransactionalPlace.class::isInstance)
                    .map(TransactionalPlace.class::cast).toList(), consumed);
        }
    }
}
