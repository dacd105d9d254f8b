package io.taffrail.simulation.script;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.simulation.script.ScriptMachine.Held;
import io.taffrail.simulation.world.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A queue of several segments of which a client settles all messages but the first ones, so that
 * the space between is erased. In one variant the queue then fails, and is reopened by command.
 */
public final class SettlingScript implements Script {

    private static final String NAME = "q";
    private static final int MESSAGES = 60;
    private static final int AT_ONCE = 5;
    private static final int KEPT = 2;
    /** Simulated time in which an erasure has to end. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String FILLER = " ".repeat(200);

    private final boolean fails;
    private final List<String> certain = new ArrayList<>();
    private final List<String> possible = new ArrayList<>();
    private int published;

    /**
     * @param fails
     *            true if the queue is quarantined and reopened
     */
    public SettlingScript(boolean fails) {
        this.fails = fails;
    }

    @Override
    public String toString() {
        return fails ? "a queue fails and is reopened" : "settled messages are erased";
    }

    @Override
    public void prepare(ScriptMachine machine) {
        var _ = machine.ask("a queue", () -> machine.host().declareQueue(
                new QueueDeclaration(NAME, true, false, false, FieldTable.of(
                        Map.of("x-queue-type", new FieldValue.Text("quorum")))),
                ScriptMachine.SESSION));
        for (int left = MESSAGES; left > 0; left -= AT_ONCE) {
            publish(machine, AT_ONCE); // Several batches, and so several segments.
        }
    }

    private void publish(ScriptMachine machine, int count) {
        List<String> bodies = new ArrayList<>();
        for (int left = count; left > 0; left--) {
            bodies.add("%03d".formatted(published++) + FILLER);
        }
        possible.addAll(bodies);
        machine.publish(NAME, bodies);
        certain.addAll(bodies);
    }

    @Override
    public void play(ScriptMachine machine) {
        List<Held> held = machine.take(NAME, MESSAGES);
        List<Held> settled = held.subList(KEPT, held.size() - KEPT);
        settled.forEach(it -> certain.remove(it.body()));
        machine.owner().execute(() -> settled.forEach(it -> it.delivery().accept()));
        machine.barrier();
        List<String> gone = settled.stream().map(Held::body).toList();
        possible.removeAll(gone);
        requireSpace(machine);
        if (fails) {
            failAndReopen(machine);
        }
        publish(machine, 2);
        machine.rest();
    }

    /** Requires that the space of settled messages is given back. */
    private static void requireSpace(ScriptMachine machine) {
        int mostBytes = MESSAGES * FILLER.length() / 2;
        boolean erased = machine.scheduler().until("an erasure", PATIENCE,
                () -> machine.disk().isDead() || sizeBytes(machine) <= mostBytes);
        machine.rest();
        if (!erased) {
            throw new Violation("space is given back", NAME + " has " + sizeBytes(machine));
        }
    }

    private static long sizeBytes(ScriptMachine machine) {
        return machine.broker().topics().find(NAME).orElseThrow().partition(0).orElseThrow().log()
                .sizeBytes();
    }

    private void failAndReopen(ScriptMachine machine) {
        machine.fail(NAME);
        machine.rest();
        if (machine.host().quarantined().isEmpty()) {
            throw new Violation("a queue that failed is quarantined", NAME);
        }
        var _ = machine.ask("a queue to be reopened", () -> machine.host().reopenQueue(NAME));
        requireContent(machine);
    }

    @Override
    public void check(ScriptMachine machine) {
        requireContent(machine);
    }

    private void requireContent(ScriptMachine machine) {
        if (!machine.host().quarantined().isEmpty()) {
            throw new Violation("no queue fails", machine.host().quarantined().toString());
        }
        List<String> found = machine.bodies(NAME);
        if (!found.equals(new ArrayList<>(new TreeSet<>(found)))) {
            throw new Violation("messages come once, in their order", ids(found));
        }
        if (!found.containsAll(certain)) {
            throw new Violation("nothing is lost", ids(found) + ", must be " + ids(certain));
        }
        if (!possible.containsAll(found)) {
            throw new Violation("what is settled is not delivered again",
                    ids(found) + ", may be " + ids(possible));
        }
    }

    private static String ids(List<String> bodies) {
        return bodies.stream().map(String::strip).toList().toString();
    }
}
