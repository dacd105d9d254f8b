package io.taffrail.simulation.script;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.queue.QueueDeclaration;

/** A queue is declared, filled, deleted, and declared and filled again. */
public final class QueueScript implements Script {

    private static final String NAME = "q";

    private final Incarnations queue = new Incarnations(NAME);

    @Override
    public String toString() {
        return "queues are declared and deleted";
    }

    @Override
    public void prepare(ScriptMachine machine) {
        // The script begins with an empty broker.
    }

    @Override
    public void play(ScriptMachine machine) {
        declare(machine);
        publish(machine);
        queue.deletes();
        long dropped = machine.ask("a deletion", () -> machine.host().deleteQueue(NAME,
                ScriptMachine.SESSION, false, false));
        machine.trace().event("deleted", NAME, dropped, 0);
        queue.deleted();
        machine.pause();
        declare(machine);
        publish(machine);
        machine.rest();
    }

    private void declare(ScriptMachine machine) {
        queue.creates();
        var _ = machine.ask("a queue", () -> machine.host().declareQueue(
                new QueueDeclaration(NAME, true, false, false, FieldTable.EMPTY),
                ScriptMachine.SESSION));
        queue.created();
    }

    private void publish(ScriptMachine machine) {
        machine.publish(NAME, queue.stores(4, ""));
        queue.stored();
    }

    @Override
    public void check(ScriptMachine machine) {
        if (machine.hasQueue(NAME)) {
            queue.requirePresent(machine.bodies(NAME));
        } else {
            queue.requireAbsent();
        }
    }
}
