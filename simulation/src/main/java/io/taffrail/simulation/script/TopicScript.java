package io.taffrail.simulation.script;

import io.taffrail.broker.message.RecordCursor;
import io.taffrail.broker.topic.NewTopic;
import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.turn.LogReplay;
import io.taffrail.log.AppendResult;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.simulation.world.Violation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A topic is created, filled, deleted, and created and filled again. */
public final class TopicScript implements Script {

    private static final String NAME = "t";
    private static final int PARTITIONS = 2;

    private final Incarnations topic = new Incarnations(NAME);

    @Override
    public String toString() {
        return "topics are created and deleted";
    }

    @Override
    public void prepare(ScriptMachine machine) {
        // The script begins with an empty broker.
    }

    @Override
    public void play(ScriptMachine machine) {
        create(machine);
        fill(machine);
        topic.deletes();
        var _ = machine.catalog("a deletion", machine.broker().topics().delete(NAME));
        topic.deleted();
        machine.pause();
        create(machine);
        fill(machine);
        machine.rest();
    }

    private void create(ScriptMachine machine) {
        topic.creates();
        var _ = machine.catalog("a topic", machine.broker().topics()
                .create(NewTopic.of(NAME, PARTITIONS, Map.of())));
        topic.created();
    }

    /** Appends to the last partition, so that the others must exist too. */
    private void fill(ScriptMachine machine) {
        Partition partition = find(machine).orElseThrow().partition(PARTITIONS - 1).orElseThrow();
        for (String entry : topic.stores(3, "")) {
            var _ = machine.ask("an append", () -> switch (partition.log()
                    .append(new BatchBuilder().add(machine.nowMs(), null,
                            entry.getBytes(StandardCharsets.UTF_8)).build())) {
                case AppendResult.Stored stored -> stored.durable();
                case AppendResult.Duplicate again -> throw new Violation(
                        "a batch without a producer is no duplicate", again.toString());
                case AppendResult.Refused refused -> throw new Violation(
                        "nothing is refused without cause", refused.toString());
            });
        }
        topic.stored();
    }

    private static Optional<Topic> find(ScriptMachine machine) {
        return machine.broker().topics().find(NAME);
    }

    @Override
    public void check(ScriptMachine machine) {
        Optional<Topic> found = find(machine);
        if (found.isEmpty()) {
            topic.requireAbsent();
        } else {
            topic.requirePresent(entries(found.get()));
        }
        requireOwned(machine, found);
    }

    private static List<String> entries(Topic found) {
        if (found.partitions().size() != PARTITIONS) {
            throw new Violation("a topic is created whole", found.partitions().toString());
        }
        List<String> entries = new ArrayList<>();
        for (Partition partition : found.partitions()) {
            if (partition.offline().isPresent()) {
                throw new Violation("a log fails with its disk only", partition.offline().get());
            }
            RecordCursor cursor = new RecordCursor();
            long next = partition.log().startOffset();
            while (next < partition.log().durableEnd()) {
                cursor.open(LogReplay.batches(partition.log(), next, 1 << 20));
                while (cursor.next(next)) {
                    next = cursor.offset() + 1;
                    entries.add(StandardCharsets.UTF_8.decode(cursor.body()).toString());
                }
            }
        }
        return entries;
    }

    /** Requires that no log of a deleted topic is left. */
    private static void requireOwned(ScriptMachine machine, Optional<Topic> found) {
        machine.rest();
        List<String> left = new ArrayList<>();
        machine.engine().logs().forEach(id -> {
            if (id.value().startsWith(NAME + "@")) {
                left.add(id.value());
            }
        });
        found.ifPresent(it -> it.partitions()
                .forEach(partition -> left.remove(partition.log().id().value())));
        if (!left.isEmpty()) {
            throw new Violation("every log belongs to a topic", left.toString());
        }
    }
}
