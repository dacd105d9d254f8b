package io.taffrail.verify.check;

import io.taffrail.verify.history.Action;
import io.taffrail.verify.history.BankEntry;
import io.taffrail.verify.history.BankTransfer;
import io.taffrail.verify.history.Event;
import io.taffrail.verify.history.Phase;
import io.taffrail.verify.history.Value;

/**
 * A hand-written history of transactions, with one millisecond between events.
 * Transaction and messages are named by the producer and their number.
 */
final class Transactional {

    static final String A = "txn:t/0";
    static final String B = "txn:t/1";
    static final String REQUESTS = "kafka:requests/0";

    private final Story story = Story.begin();

    static Transactional begin() {
        return new Transactional();
    }

    /** Begins a transaction of a transactional id that has the producer's number. */
    Transactional begins(long transaction) {
        return begins(transaction, "id-" + Value.producer(transaction));
    }

    Transactional begins(long transaction, String transactionalId) {
        return event(Event.of("p", Action.TXN_BEGIN, Phase.INVOKE, "").transaction(transaction)
                .note(transactionalId));
    }

    Transactional sends(long transaction, String place, long value) {
        return sends(transaction, place, value, "");
    }

    private Transactional sends(long transaction, String place, long value, String note) {
        return event(Event.of("p", Action.SEND, Phase.INVOKE, place).transaction(transaction)
                .value(value).note(note));
    }

    Transactional acknowledged(long transaction, String place, long value, long offset) {
        return event(Event.of("p", Action.SEND, Phase.OK, place).transaction(transaction)
                .value(value).offset(offset));
    }

    Transactional requestsCommit(long transaction) {
        return event(Event.of("p", Action.TXN_COMMIT, Phase.INVOKE, "").transaction(transaction));
    }

    Transactional commits(long transaction) {
        return requestsCommit(transaction).event(Event.of("p", Action.TXN_COMMIT, Phase.OK, "")
                .transaction(transaction));
    }

    Transactional isFenced(long transaction) {
        return requestsCommit(transaction).event(Event.of("p", Action.TXN_COMMIT, Phase.FAIL, "")
                .transaction(transaction));
    }

    Transactional aborts(long transaction) {
        return event(Event.of("p", Action.TXN_ABORT, Phase.INVOKE, "").transaction(transaction))
                .event(Event.of("p", Action.TXN_ABORT, Phase.OK, "").transaction(transaction));
    }

    Transactional reads(String process, String place, long value, long offset) {
        return readsIn(Value.NONE, process, place, value, offset);
    }

    Transactional readsIn(long transaction, String process, String place, long value,
            long offset) {
        return event(Event.of(process, Action.READ, Phase.OK, place).value(value).offset(offset)
                .transaction(transaction));
    }

    /** Scans a place, which has these values at offsets from 0. */
    Transactional scans(String place, long... values) {
        event(Event.of("s", Action.SCAN, Phase.INVOKE, place));
        for (int offset = 0; offset < values.length; offset++) {
            event(Event.of("s", Action.SCANNED, Phase.OK, place).value(values[offset])
                    .offset(offset));
        }
        return event(Event.of("s", Action.SCAN, Phase.OK, place).offset(values.length));
    }

    /** Sends a request to the bank at this offset. */
    Transactional asks(long request, int from, int to, long amount) {
        return event(Event.of("i", Action.SEND, Phase.INVOKE, REQUESTS).value(request)
                .note(new BankTransfer(from, to, amount).text()))
                .event(Event.of("i", Action.SEND, Phase.OK, REQUESTS).value(request)
                        .offset(Value.sequence(request)));
    }

    Transactional books(long transaction, String place, long value, int account, long balance,
            long request) {
        return sends(transaction, place, value, new BankEntry(account, balance, request).text());
    }

    /** Ends a bank's history: the group has consumed up to an offset of the requests. */
    Findings endOfBank(long consumed, long... requests) {
        for (long request : requests) {
            event(Event.of("g", Action.READ, Phase.OK, REQUESTS).value(request)
                    .offset(Value.sequence(request)));
        }
        event(Event.of("g", Action.COMMIT, Phase.INVOKE, REQUESTS).offset(consumed).note("g"));
        event(Event.of("g", Action.COMMIT, Phase.OK, REQUESTS).offset(consumed).note("g"));
        event(Event.of("o", Action.COMMITTED, Phase.INVOKE, REQUESTS).note("g"));
        event(Event.of("o", Action.COMMITTED, Phase.OK, REQUESTS).offset(consumed).note("g"));
        return scans(REQUESTS, requests).end();
    }

    private Transactional event(Event event) {
        story.event(event);
        return this;
    }

    Findings end() {
        return story.end();
    }
}
