package io.taffrail.simulation.kafka;

import static java.util.Objects.requireNonNull;

import io.taffrail.simulation.kafka.SimTransaction.Fate;
import io.taffrail.simulation.world.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The expected effect of transactions over all lives of the broker: readers of committed records
 * see all of a transaction or nothing, and what was acknowledged stays.
 */
final class TransactionHistory {

    private final Map<Long, SimTransaction> byRecord = new HashMap<>();
    /** Transactions with a committed offset, by group, in their order. */
    private final Map<String, List<SimTransaction>> byGroup = new LinkedHashMap<>();
    private final List<SimTransaction> all = new ArrayList<>();

    SimTransaction begin(String producer) {
        SimTransaction begun = new SimTransaction(producer);
        all.add(begun);
        return begun;
    }

    void sends(SimTransaction transaction, long id) {
        byRecord.put(id, transaction);
    }

    void commitsOffset(SimTransaction transaction, String group, long offset) {
        transaction.offset = offset;
        byGroup.computeIfAbsent(group, _ -> new ArrayList<>()).add(transaction);
    }

    /** A reader of committed records got a record. */
    void seen(PartitionModel partition, long id) {
        SimTransaction transaction = byRecord.get(id);
        if (transaction == null) {
            throw new Violation("no record comes from nowhere", partition + ": " + id);
        }
        if (!transaction.isCommitSent()) {
            throw new Violation("no record is read before its transaction is committed",
                    partition + ": " + id + " of " + transaction);
        }
        learn(transaction, Fate.COMMITTED, "a reader saw record " + id);
    }

    /** The request to end the transaction was acknowledged. */
    void ended(SimTransaction transaction, boolean commit) {
        learn(transaction, commit ? Fate.COMMITTED : Fate.ABORTED, "its producer was told");
    }

    /** The only request to commit the transaction was refused. */
    void refused(SimTransaction transaction) {
        learn(transaction, Fate.ABORTED, "its commit was refused");
    }

    private static void learn(SimTransaction transaction, Fate fate, String how) {
        if (transaction.fate() != Fate.UNKNOWN && transaction.fate() != fate) {
            throw new Violation("a transaction ends once", transaction + " is " + fate + ": "
                    + how);
        }
        transaction.fate(fate);
    }

    /**
     * Checks the records that a reader of committed records got from the start to the end of each
     * log, when no transaction is open any more.
     */
    void compare(Map<PartitionModel, Map<Long, Long>> read) {
        for (SimTransaction transaction : all) {
            long there = transaction.records().entrySet().stream()
                    .filter(each -> requireNonNull(read.get(each.getValue()))
                            .containsKey(each.getKey()))
                    .count();
            int count = transaction.records().size();
            if (there != 0 && there != count) {
                throw new Violation("no transaction is torn", transaction + ": " + there + " of "
                        + count + " records are read");
            }
            if (count == 0) {
                continue;
            }
            if (there == 0 && transaction.fate() == Fate.COMMITTED) {
                throw new Violation("no committed transaction is lost", transaction.toString());
            }
            if (there == 0 && transaction.isWritten()) {
                transaction.fate(Fate.ABORTED);
            }
        }
    }

    /** Groups in which offsets were committed by transactions. */
    List<String> groups() {
        return List.copyOf(byGroup.keySet());
    }

    /** Checks the committed offset of a group, when no transaction is open any more. */
    void compareOffset(String group, long offset) {
        for (SimTransaction transaction : byGroup.getOrDefault(group, List.of()).reversed()) {
            if (offset == transaction.offset) {
                if (transaction.fate() == Fate.ABORTED || !transaction.isCommitSent()) {
                    throw new Violation("no offset of an aborted transaction is committed",
                            transaction.toString());
                }
                transaction.fate(Fate.COMMITTED);
                return;
            }
            if (transaction.fate() == Fate.COMMITTED) {
                throw new Violation("a committed offset is part of its transaction",
                        transaction + ", and the offset is " + offset);
            }
        }
        if (offset != -1) {
            throw new Violation("no committed offset comes from nowhere", group + ": " + offset);
        }
    }
}
