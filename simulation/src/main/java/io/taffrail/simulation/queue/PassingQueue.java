package io.taffrail.simulation.queue;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.simulation.world.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The expected state of a queue that is repeatedly declared, deleted, bound, unbound and
 * limited by a policy.
 */
final class PassingQueue {

    /** Knowledge of whether something was done. */
    enum Known {
        YES, NO, MAYBE
    }

    private static final String EXCHANGE = "passing";

    private final String name;
    private final boolean durable;
    private final NavigableSet<Integer> possible = new TreeSet<>();
    private final NavigableSet<Integer> certain = new TreeSet<>();
    private Known there = Known.NO;
    private Known bound = Known.NO;
    private Known limited = Known.NO;
    /** True if a limit was or may have been in force since the queue was last empty. */
    private boolean mayHaveDropped;
    /** True if its durable deletion failed: it is gone now, but may be back after a restart. */
    private boolean mayComeBack;
    private int made;
    private int messages;
    /** Messages up to this one are gone or may be. */
    private int purgedTo;

    PassingQueue(String name, boolean durable) {
        this.name = name;
        this.durable = durable;
    }

    static ExchangeDeclaration exchange() {
        return new ExchangeDeclaration(EXCHANGE, "direct", true, false, false, FieldTable.EMPTY);
    }

    String name() {
        return name;
    }

    QueueDeclaration declaration() {
        return new QueueDeclaration(name, durable, false, false, FieldTable.EMPTY);
    }

    Binding binding() {
        return new Binding(EXCHANGE, name, true, name, FieldTable.EMPTY);
    }

    Known there() {
        return there;
    }

    Known bound() {
        return bound;
    }

    void bound(Known value) {
        bound = value;
    }

    Known limited() {
        return limited;
    }

    void limited(Known value) {
        limited = value;
        mayHaveDropped |= value != Known.NO;
    }

    /** Number of declarations and deletions; each message belongs to one incarnation. */
    int made() {
        return made;
    }

    /** A declaration begins. */
    void declares() {
        there = Known.MAYBE;
    }

    /** A deletion begins, with all messages in the queue. */
    void deletes() {
        made++;
        there = Known.MAYBE;
        bound = Known.MAYBE;
        certain.clear();
    }

    void deleteFailed() {
        mayComeBack = true;
    }

    void found(boolean isThere) {
        if (!isThere && mayComeBack) {
            return;
        }
        mayComeBack = false;
        if (there != Known.MAYBE && isThere != (there == Known.YES)) {
            throw new Violation("a queue stays declared, or deleted",
                    name + " is " + (isThere ? "" : "not ") + "there");
        }
        there = isThere ? Known.YES : Known.NO;
        if (!isThere) {
            bound = Known.NO;
            emptied();
        }
    }

    /** A publish to the queue begins; returns the message. */
    int publishes() {
        possible.add(++messages);
        return messages;
    }

    /** A purge begins; returns the last message that it may remove. */
    int purges() {
        certain.clear();
        purgedTo = messages;
        return messages;
    }

    /** A purge was answered: these messages are gone, whatever happens to the machine. */
    void purged(int last) {
        possible.headSet(last, true).clear();
    }

    void confirmed(int message, int incarnation) {
        if (incarnation == made && message > purgedTo && possible.contains(message)) {
            certain.add(message);
        }
    }

    /**
     * Checks the messages found, in order. They are taken out of the queue, but not durably yet.
     */
    void taken(List<Integer> found) {
        if (!possible.containsAll(found) || !found.equals(new ArrayList<>(new TreeSet<>(found)))) {
            throw new Violation("a queue gives its own messages in order",
                    name + " gave " + found + " of " + possible);
        }
        TreeSet<Integer> missing = new TreeSet<>(certain);
        found.forEach(missing::remove);
        boolean dropped = mayHaveDropped
                && (found.isEmpty() || missing.isEmpty() || missing.last() < found.getFirst());
        if (!missing.isEmpty() && !dropped) {
            throw new Violation("nothing is lost", name + " has not " + missing + ", but " + found);
        }
        certain.clear();
    }

    /** The queue is known to be empty. */
    void emptied() {
        possible.clear();
        certain.clear();
        mayHaveDropped = limited != Known.NO;
    }

    void machineDied() {
        mayComeBack = false;
        if (!durable) {
            made++;
            there = Known.NO;
            bound = Known.NO;
            emptied();
        }
    }

    @Override
    public String toString() {
        return name + " there " + there + " bound " + bound + " limited " + limited;
    }
}
