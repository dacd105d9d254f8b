package io.taffrail.verify.check;

import static io.taffrail.verify.check.Times.at;

import io.taffrail.verify.check.Anomaly.Kind;
import io.taffrail.verify.history.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All transactions of a history and the dependencies between them, after Elle (Kingsbury and
 * Alvaro, 2020): partitions are lists, a send is an append, and offsets give the order of writes.
 * About 300 bytes for each message of a transaction.
 */
final class TransactionGraph {

    private final Findings findings;
    private final Map<Long, ObservedTransaction> byId = new LinkedHashMap<>();
    private final Map<Long, ObservedTransaction.Write> writes = new HashMap<>();
    /** Order of writes among transactions of one transactional id. */
    private final Cycles writeOrder = new Cycles();
    /** From a transaction to those that have read its writes. */
    private final Cycles reads = new Cycles();
    /** Both, and the order of writes among all transactions. */
    private final Cycles all = new Cycles();

    TransactionGraph(Findings findings) {
        this.findings = findings;
    }

    /** Processes the begin or end of a transaction. */
    void accept(Event event) {
        ObservedTransaction transaction = byId.computeIfAbsent(event.transaction(),
                _ -> new ObservedTransaction(event));
        switch (event.action()) {
            case TXN_COMMIT -> transaction.commit(event);
            case TXN_ABORT -> transaction.abort(event);
            default -> {
            }
        }
    }

    /** Processes the invocation of a send. */
    void send(Event event) {
        ObservedTransaction transaction = byId.computeIfAbsent(event.transaction(),
                _ -> new ObservedTransaction(event));
        writes.put(event.value(), transaction.write(event));
    }

    /** Returns the write of a message; null if the message was never sent in a transaction. */
    ObservedTransaction.@Nullable Write write(long value) {
        return writes.get(value);
    }

    /** Returns a transaction; null if there is none with this id. */
    @Nullable
    ObservedTransaction get(long id) {
        return byId.get(id);
    }

    /** Notes that {@code second} has written to a partition after {@code first}. */
    void follows(ObservedTransaction first, ObservedTransaction second) {
        all.add(first.id(), second.id());
    }

    /** As {@link #follows}, for two transactions of one transactional id. */
    void followsInSession(ObservedTransaction first, ObservedTransaction second) {
        writeOrder.add(first.id(), second.id());
    }

    void read(ObservedTransaction writer, ObservedTransaction reader) {
        if (writer != reader) {
            reads.add(writer.id(), reader.id());
            all.add(writer.id(), reader.id());
        }
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    /**
     * Reports the anomalies that concern several places.
     *
     * @param complete
     *            whether all places were read to their ends
     */
    void finish(boolean complete) {
        count();
        if (complete) {
            byId.values().forEach(this::checkWhole);
        }
        for (List<Long> cycle : writeOrder.find()) {
            add(Kind.WRITE_CYCLE, cycle, "each have records before another's, though they have one"
                    + " transactional id");
        }
        for (List<Long> cycle : reads.find()) {
            add(Kind.READ_CYCLE, cycle, "have read each other's records");
        }
        findings.tally().interleaved(all.find().stream().mapToLong(List::size).sum());
    }

    private void count() {
        long committed = 0;
        long aborted = 0;
        long sent = 0;
        long ofCommitted = 0;
        long ofAborted = 0;
        for (ObservedTransaction transaction : byId.values()) {
            int size = transaction.writes().size();
            sent += size;
            if (transaction.committed()) {
                committed++;
                ofCommitted += size;
            } else if (transaction.aborted()) {
                aborted++;
                ofAborted += size;
            }
        }
        findings.tally().transactions(byId.size(), committed, aborted);
        findings.tally().transactional(sent, ofCommitted, ofAborted);
    }

    private void checkWhole(ObservedTransaction transaction) {
        List<ObservedTransaction.Write> missing = new ArrayList<>(transaction.writes());
        missing.removeIf(ObservedTransaction.Write::found);
        if (missing.isEmpty() || transaction.aborted()) {
            // Records of aborted transactions that are there have been reported.
            return;
        }
        String what = missing.size() + " of " + transaction.writes().size() + " records of "
                + transaction + (transaction.committed()
                        ? ", committed" + at(transaction.endNs()) + ","
                        : "")
                + " are missing: " + missing.getFirst();
        if (missing.size() < transaction.writes().size()) {
            findings.add(Kind.TORN, "transactions", transaction.commitNs(), what);
        } else if (transaction.committed()) {
            findings.add(Kind.LOST, "transactions", transaction.endNs(), what);
        }
    }

    private void add(Kind kind, List<Long> cycle, String what) {
        List<ObservedTransaction> members = cycle.stream().map(byId::get).toList();
        findings.add(kind, "transactions", members.getFirst().beginNs(), members.stream()
                .limit(Findings.EXAMPLES).map(ObservedTransaction::toString)
                .collect(Collectors.joining(", ")) + " " + what);
    }
}
