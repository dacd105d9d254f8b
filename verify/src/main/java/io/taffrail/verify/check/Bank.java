package io.taffrail.verify.check;

import static io.taffrail.verify.check.Times.at;

import io.taffrail.verify.check.Anomaly.Kind;
import io.taffrail.verify.history.BankEntry;
import io.taffrail.verify.history.BankTransfer;
import io.taffrail.verify.history.Event;
import io.taffrail.verify.history.Value;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The check of the bank workload. Money moves within a branch, so a branch's balances always have
 * the same sum, in the order of each reader and at the end. Each request that the group has
 * committed must have taken effect, once, and no other.
 */
final class Bank {

    private static final String PLACE = "bank";
    private static final long BRANCH_SUM = BankEntry.OPENING * BankEntry.ACCOUNTS;

    private final TransactionGraph transactions;
    private final Findings findings;
    private final Map<Long, BankTransfer> requests = new HashMap<>();
    private final Map<String, Map<Integer, Branch>> readers = new LinkedHashMap<>();

    /** A branch as far as one reader has read it. */
    private static final class Branch {

        private final Map<Integer, Long> balances = new HashMap<>();
        /** Records that are still unread, of transactions of which some are read. */
        private final Map<Long, Integer> unread = new HashMap<>();
        private boolean balanced = true;
    }

    Bank(TransactionGraph transactions, Findings findings) {
        this.transactions = transactions;
        this.findings = findings;
    }

    /** Returns whether the history is one of the bank workload. */
    boolean isOpen() {
        return !requests.isEmpty();
    }

    /** Processes a request for a transfer. */
    void request(Event event) {
        requests.put(event.value(), BankTransfer.parse(event.note()));
    }

    /** Processes a record that a reader of all accounts has found. */
    void read(Event event) {
        ObservedTransaction.Write write = transactions.write(event.value());
        if (!isOpen() || write == null) {
            return;
        }
        BankEntry entry = BankEntry.parse(write.note());
        Branch branch = readers.computeIfAbsent(event.process(), _ -> new HashMap<>())
                .computeIfAbsent(entry.branch(), _ -> new Branch());
        branch.balances.put(entry.account(), entry.balance());
        long id = write.transaction().id();
        int unread = branch.unread.getOrDefault(id, write.transaction().writes().size()) - 1;
        if (unread > 0) {
            branch.unread.put(id, unread);
        } else {
            branch.unread.remove(id);
        }
        // A reader may see one partition's part of a transaction before another's.
        if (branch.unread.isEmpty()) {
            checkSum(event, entry.branch(), branch);
        }
    }

    private void checkSum(Event event, int number, Branch branch) {
        int missing = BankEntry.ACCOUNTS - branch.balances.size();
        long sum = (long) missing * BankEntry.OPENING
                + branch.balances.values().stream().mapToLong(Long::longValue).sum();
        if (sum != BRANCH_SUM && branch.balanced) {
            findings.add(Kind.UNBALANCED, PLACE, event.timeNs(), "branch " + number + " has "
                    + sum + " instead of " + BRANCH_SUM + " for " + event.process()
                    + at(event.timeNs()) + ": " + new TreeMap<>(branch.balances));
        }
        branch.balanced = sum == BRANCH_SUM;
    }

    /** The effect of a request: how often its accounts were changed, and by which transaction. */
    private static final class Effect {

        private int entries;
        private ObservedTransaction last;

        Effect(ObservedTransaction transaction) {
            this.last = transaction;
        }
    }

    /**
     * Checks the final state.
     *
     * @param accounts
     *            the accounts' partitions, completely read
     * @param consumed
     *            offset that the group has committed for each partition of requests;
     *            completely read, too
     */
    void finish(List<TransactionalPlace> accounts, Map<LogPlace, Long> consumed) {
        Map<Integer, Long> balances = new TreeMap<>();
        Map<Long, Effect> effects = new HashMap<>();
        for (TransactionalPlace place : accounts) {
            place.forEach(write -> {
                BankEntry entry = BankEntry.parse(write.note());
                balances.put(entry.account(), entry.balance());
                Effect effect = effects.computeIfAbsent(entry.request(),
                        _ -> new Effect(write.transaction()));
                effect.entries++;
                effect.last = write.transaction();
            });
        }
        effects.forEach(this::checkOnce);
        consumed.forEach((place, committed) -> checkConsumed(place, committed, effects));
        checkBalances(balances, effects);
    }

    private void checkOnce(long request, Effect effect) {
        if (effect.entries > 2) {
            findings.add(Kind.DUPLICATED, PLACE, effect.last.beginNs(), "request "
                    + Value.text(request) + " has changed " + effect.entries
                    + " accounts instead of 2, last in transaction " + effect.last);
        }
    }

    private void checkConsumed(LogPlace place, long committed, Map<Long, Effect> effects) {
        place.forEach((offset, request) -> {
            Effect effect = effects.get(request);
            if (offset < committed && effect == null) {
                findings.add(Kind.LOST, PLACE, 0, "request " + Value.text(request) + " at offset "
                        + offset + " has no effect, and the group has committed " + committed);
            } else if (offset >= committed && effect != null) {
                findings.add(Kind.TORN, PLACE, effect.last.beginNs(), "request "
                        + Value.text(request) + " at offset " + offset
                        + " has taken effect in transaction " + effect.last
                        + ", and the group has committed only " + committed);
            }
        });
    }

    private void checkBalances(Map<Integer, Long> balances, Map<Long, Effect> effects) {
        Map<Integer, Long> expected = new HashMap<>();
        for (long request : effects.keySet()) {
            BankTransfer transfer = requests.get(request);
            if (transfer != null) {
                expected.merge(transfer.from(), -transfer.amount(), Long::sum);
                expected.merge(transfer.to(), transfer.amount(), Long::sum);
            }
        }
        balances.forEach((account, balance) -> {
            long right = BankEntry.OPENING + expected.getOrDefault(account, 0L);
            if (balance != right) {
                findings.add(Kind.UNBALANCED, PLACE, 0, "account " + account + " has " + balance
                        + " at the end, and its transfers give " + right);
            }
        });
    }
}
