package io.taffrail.verify.check;

import static io.taffrail.verify.check.Times.at;

import io.taffrail.verify.check.Anomaly.Kind;
import io.taffrail.verify.history.Event;
import io.taffrail.verify.history.Phase;
import io.taffrail.verify.history.Value;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The check of one partition that only transactions write, read with read_committed. The last scan
 * gives the order of writes. Readers must find exactly its records, in its order, and none before
 * the commit of its transaction was requested.
 */
final class TransactionalPlace implements Place {

    private final String name;
    private final TransactionGraph transactions;
    private final Findings findings;
    private final LongLongMap acknowledged = new LongLongMap();
    private final LongLongMap scanned = new LongLongMap();
    private final LongLongMap firstOffsets = new LongLongMap();
    private final Map<String, Reads> readers = new LinkedHashMap<>();
    private boolean complete;
    private long scanTimeNs;

    TransactionalPlace(String name, TransactionGraph transactions, Findings findings) {
        this.name = name;
        this.transactions = transactions;
        this.findings = findings;
    }

    @Override
    public void accept(Event event) {
        switch (event.action()) {
            case SEND -> send(event);
            case READ -> {
                if (intact(event)) {
                    readers.computeIfAbsent(event.process(), _ -> new Reads()).add(event.offset(),
                            event.value(), event.timeNs(), event.transaction());
                }
            }
            case SCAN -> scan(event);
            case SCANNED -> {
                if (intact(event)) {
                    scanned.putIfAbsent(event.offset(), event.value());
                    found(event);
                }
            }
            default -> {
            }
        }
    }

    @Override
    public boolean complete() {
        return complete;
    }

    private void send(Event event) {
        if (event.phase() == Phase.INVOKE) {
            transactions.send(event);
        } else if (event.phase() == Phase.OK && event.offset() >= 0) {
            acknowledged.putIfAbsent(event.value(), event.offset());
        }
    }

    private boolean intact(Event event) {
        if (event.value() == Value.NONE) {
            findings.add(Kind.UNEXPECTED, name, event.timeNs(), "offset " + event.offset()
                    + " holds data that no producer sent, read" + at(event.timeNs()) + ": "
                    + event.note());
        }
        return event.value() != Value.NONE;
    }

    private void scan(Event event) {
        complete = event.phase() == Phase.OK;
        scanTimeNs = event.timeNs();
        if (event.phase() == Phase.INVOKE) {
            scanned.clear();
            firstOffsets.clear();
        }
    }

    private void found(Event event) {
        long first = firstOffsets.putIfAbsent(event.value(), event.offset());
        if (first != event.offset()) {
            findings.add(Kind.DUPLICATED, name, event.timeNs(), Value.text(event.value())
                    + " is stored at offset " + first + " and at " + event.offset());
        }
    }

    @Override
    public void finish() {
        readers.values().forEach(reads -> findings.tally().deliveries(reads.size(), 0));
        if (!complete) {
            return;
        }
        long[] offsets = scanned.sortedKeys();
        long recovered = 0;
        for (long offset : offsets) {
            recovered += stored(offset, scanned.get(offset)) ? 1 : 0;
        }
        findings.tally().found(offsets.length, recovered);
        order(offsets);
        readers.forEach((process, reads) -> checkReads(process, reads, offsets));
    }

    /** Passes the writes that the last scan found, in their order. */
    void forEach(Consumer<ObservedTransaction.Write> visitor) {
        for (long offset : scanned.sortedKeys()) {
            ObservedTransaction.Write write = transactions.write(scanned.get(offset));
            if (write != null) {
                visitor.accept(write);
            }
        }
    }

    /** Checks one record of the last scan; returns whether its outcome was unknown. */
    private boolean stored(long offset, long value) {
        ObservedTransaction.Write write = transactions.write(value);
        String text = Value.text(value) + " is at offset " + offset;
        if (write == null) {
            findings.add(Kind.UNEXPECTED, name, scanTimeNs, text + " though it was never sent");
            return false;
        }
        write.find();
        ObservedTransaction transaction = write.transaction();
        if (transaction.aborted()) {
            findings.add(Kind.ABORTED_READ, name, transaction.beginNs(), text
                    + " though transaction " + transaction + " was aborted");
            return false;
        }
        long sentTo = acknowledged.get(value);
        if (sentTo != LongLongMap.NONE && sentTo != offset && firstOffsets.get(value) == offset) {
            findings.add(Kind.STALE, name, transaction.beginNs(),
                    text + " though it was acknowledged at " + sentTo);
        }
        return !transaction.committed();
    }

    /**
     * Notes which transaction writes after which, and reports transactions that began after
     * another one was committed and have records before it.
     */
    private void order(long[] offsets) {
        Map<String, ObservedTransaction> lastOfSession = new HashMap<>();
        ObservedTransaction last = null;
        ObservedTransaction latest = null;
        for (long offset : offsets) {
            ObservedTransaction.Write write = transactions.write(scanned.get(offset));
            if (write == null || write.transaction().aborted()) {
                continue;
            }
            ObservedTransaction current = write.transaction();
            if (last != null && last != current) {
                transactions.follows(last, current);
            }
            last = current;
            ObservedTransaction before = lastOfSession.put(current.session(), current);
            if (before != null && before != current) {
                transactions.followsInSession(before, current);
            }
            if (latest != null && latest.beginNs() > current.endNs()) {
                findings.add(Kind.WRITE_CYCLE, name, current.endNs(),
                        Value.text(scanned.get(offset))
                                + " of " + current + ", committed" + at(current.endNs())
                                + ", is at offset " + offset + ", after records of " + latest
                                + ", which began" + at(latest.beginNs()));
            }
            if (latest == null || current.beginNs() > latest.beginNs()) {
                latest = current;
            }
        }
    }

    private void checkReads(String process, Reads reads, long[] offsets) {
        long[] previous = {-1};
        reads.forEach((offset, value, timeNs, reader) -> {
            if (offset <= previous[0]) {
                findings.add(Kind.STALE, name, timeNs, process + " read offset " + offset
                        + at(timeNs) + ", after " + previous[0]);
                return;
            }
            skipped(process, offsets, previous[0], offset, timeNs);
            previous[0] = offset;
            checkRead(process, offset, value, timeNs);
            ObservedTransaction.Write write = transactions.write(value);
            ObservedTransaction readingIn = transactions.get(reader);
            if (write != null && readingIn != null && readingIn.committed()) {
                transactions.read(write.transaction(), readingIn);
            }
        });
    }

    private void skipped(String process, long[] offsets, long from, long to, long timeNs) {
        int index = Arrays.binarySearch(offsets, from + 1);
        for (int i = index < 0 ? -index - 1 : index; i < offsets.length && offsets[i] < to; i++) {
            findings.add(Kind.NEVER_DELIVERED, name, timeNs, Value.text(scanned.get(offsets[i]))
                    + " at offset " + offsets[i] + " was skipped by " + process + ", which read "
                    + to + at(timeNs));
        }
    }

    private void checkRead(String process, long offset, long value, long timeNs) {
        ObservedTransaction.Write write = transactions.write(value);
        String text = process + " read " + Value.text(value) + " at offset " + offset + at(timeNs);
        if (write == null) {
            findings.add(Kind.UNEXPECTED, name, timeNs, text + ", which was never sent");
        } else if (write.transaction().aborted()) {
            findings.add(Kind.ABORTED_READ, name, timeNs, text + ", of the aborted transaction "
                    + write.transaction());
        } else if (timeNs < write.transaction().commitNs()) {
            findings.add(Kind.EARLY_READ, name, timeNs, text + ", and the commit of "
                    + write.transaction() + " was requested"
                    + at(write.transaction().commitNs()));
        } else if (scanned.get(offset) != value) {
            findings.add(Kind.STALE, name, timeNs, text + ", and at the end the offset has "
                    + (scanned.get(offset) == Value.NONE
                            ? "nothing"
                            : Value.text(scanned.get(offset))));
        }
    }
}
