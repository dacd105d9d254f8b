package io.taffrail.simulation.letters;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.RecordCursor;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.queue.Getter;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.topic.NewTopic;
import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.turn.LogReplay;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.local.LocalLogConfig;
import io.taffrail.simulation.machine.Clients;
import io.taffrail.simulation.machine.LifePace;
import io.taffrail.simulation.machine.MachineWorkload;
import io.taffrail.simulation.machine.Setting;
import io.taffrail.simulation.machine.World;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.Mischief;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Clients whose messages move from queues to topics; a check counts all messages. */
final class LetterWorkload implements MachineWorkload<LetterMachine> {

    private static final List<String> TOPICS = List.of(LetterModel.TOPIC, LetterModel.KEYED,
            LetterModel.SMALL, LetterModel.STREAM);

    /** Longer than any delay and any pause between two attempts, in milliseconds. */
    private static final long LONG_MS = 5_000;
    private static final int STEP_MS = 100;
    /** Inverse probabilities of a throw at a point, if any point throws. */
    private static final List<Integer> ONE_IN = List.of(5, 30, 200);

    private final World world;
    private final Setting setting;
    private final LetterModel model;
    private final boolean throwing;
    private boolean declared;

    /**
     * @param throwing
     *            true if the broker's code throws at most once per life
     */
    LetterWorkload(World world, boolean throwing) {
        this.world = world;
        this.throwing = throwing;
        Dice dice = world.dice();
        LocalLogConfig config = new LocalLogConfig(
                new ByteSize(dice.pick(List.of(32 << 10, 128 << 10))),
                new ByteSize(dice.pick(List.of(8 << 10, 32 << 10, 1 << 20))),
                Duration.ofMillis(dice.between(200, 5_000)),
                new ByteSize(dice.pick(List.of(8 << 10, 1 << 20))), dice.between(4, 20),
                Duration.ofMillis(dice.between(200, 3_000)), new ByteSize(64 << 10));
        this.setting = new Setting(config, dice.pick(List.of(3 << 10, 16 << 10, 256 << 10)),
                dice.between(2, 4), dice.oneIn(6), dice.oneIn(3));
        this.model = new LetterModel(dice.pick(List.of(1, 100, 800)));
    }

    @Override
    public Setting setting() {
        return setting;
    }

    @Override
    public LifePace pace() {
        return new LifePace(5, 60, 12, 3, 40, 4);
    }

    @Override
    public LetterMachine start(int number) {
        LetterMachine machine = new LetterMachine(number, setting, world);
        if (!declared) {
            declare(machine);
            declared = true;
        }
        return machine;
    }

    private static void declare(LetterMachine machine) {
        topic(machine, LetterModel.TOPIC, Map.of());
        topic(machine, LetterModel.KEYED, Map.of("cleanup.policy", "compact"));
        topic(machine, LetterModel.SMALL, Map.of());
        queue(machine, new QueueDeclaration(LetterModel.STREAM, true, false, false,
                FieldTable.of(Map.of("x-queue-type", new FieldValue.Text("stream")))));
        for (Partition partition : machine.topic(LetterModel.KEYED).partitions()) {
            String exchange = LetterModel.keyless(partition.index());
            exchange(machine, exchange, "fanout", FieldTable.EMPTY);
            bind(machine, exchange, stream(partition), "");
        }
        for (LetterSource source : LetterSource.ALL) {
            String topic = source.topic().isEmpty() ? LetterModel.TOPIC : source.topic();
            queue(machine, source.declaration(machine.partition(topic, source.here())));
        }
        queue(machine, new QueueDeclaration(LetterModel.FANOUT_QUEUE, true, false, false,
                FieldTable.EMPTY));
        exchange(machine, LetterModel.FANOUT, "fanout", FieldTable.EMPTY);
        exchange(machine, LetterModel.DELAYED, "x-delayed-message",
                FieldTable.of(Map.of("x-delayed-type", new FieldValue.Text("direct"))));
        Partition here = machine.partition(LetterModel.TOPIC, true);
        Partition there = machine.partition(LetterModel.TOPIC, false);
        bind(machine, LetterModel.FANOUT, LetterModel.FANOUT_QUEUE, "");
        bind(machine, LetterModel.FANOUT, stream(there), "");
        bind(machine, LetterModel.DELAYED, stream(here), "k0");
        bind(machine, LetterModel.DELAYED, stream(there), "k1");
    }

    private static void topic(LetterMachine machine, String name, Map<String, String> config) {
        if (machine.broker().topics().find(name).isEmpty()) {
            var _ = machine.awaitCatalog("a topic",
                    machine.broker().topics().create(NewTopic.of(name, 2, config)));
        }
        var _ = machine.ask("the topic as an exchange", () -> machine.host().checkExchange(name));
    }

    private static String stream(Partition partition) {
        return partition.topic() + "-" + partition.index();
    }

    private static void queue(LetterMachine machine, QueueDeclaration declaration) {
        var _ = machine.ask("a queue",
                () -> machine.host().declareQueue(declaration, LetterClients.SESSION));
    }

    private static void exchange(LetterMachine machine, String name, String type, FieldTable more) {
        var _ = machine.ask("an exchange", () -> machine.host().declareExchange(
                new ExchangeDeclaration(name, type, true, false, false, more)));
    }

    private static void bind(LetterMachine machine, String from, String to, String key) {
        var _ = machine.ask("a binding", () -> machine.host().bind(
                new Binding(from, to, true, key, FieldTable.EMPTY), LetterClients.SESSION));
    }

    @Override
    public Clients clients(LetterMachine machine) {
        if (throwing) {
            machine.scheduler().onFailStop(machine.disk()::die);
            Mischief.arm(world.dice().split(), world.dice().pick(ONE_IN), point -> {
                world.trace().event("throw", point, 0, 0);
                machine.disk().excuse();
                model.doubt();
            });
        } else {
            // A log that cannot be written is quarantined alone, so an outbox may fail.
            // Runs that throw keep the stricter promise, or their mutants are hard to see.
            machine.disk().onFailure(model::doubt);
        }
        return new LetterClients(machine, model, world.dice().split());
    }

    @Override
    public void check(LetterMachine machine) {
        Mischief.disarm();
        for (long ms = 0; ms < LONG_MS; ms += STEP_MS) {
            machine.scheduler().slow(STEP_MS);
            machine.rest();
        }
        Map<String, Integer> queued = new HashMap<>();
        LetterSource.ALL.forEach(source -> count(machine, source.name(), queued));
        count(machine, LetterModel.FANOUT_QUEUE, queued);
        Map<String, Integer> stored = new HashMap<>();
        for (String topic : TOPICS) {
            machine.topic(topic).partitions().forEach(partition -> count(partition, stored));
        }
        model.check(queued, stored);
    }

    /** Checks at the end, when every topic takes every letter. */
    @Override
    public void checkLast(LetterMachine machine) {
        model.keysNotRequired();
        machine.takeAll();
        model.takesAll();
        check(machine);
    }

    /** Takes all messages out of a queue, counts them and requeues them. */
    private static void count(LetterMachine machine, String queue, Map<String, Integer> found) {
        List<Delivery> held = new ArrayList<>();
        boolean[] more = {true};
        while (more[0]) {
            var _ = machine.ask("a message", () -> machine.host().get(queue,
                    LetterClients.SESSION, Optional.of(new GetHolder(List.of())), new Getter() {
                        @Override
                        public void got(Delivery delivery, StoredMessage message, long left) {
                            held.add(delivery);
                            found.merge(StandardCharsets.UTF_8.decode(message.body()).toString(),
                                    1, Integer::sum);
                        }

                        @Override
                        public void empty() {
                            more[0] = false;
                        }
                    }));
        }
        machine.owner().execute(() -> held.forEach(Delivery::requeue));
        machine.rest();
    }

    private static void count(Partition partition, Map<String, Integer> found) {
        RecordCursor cursor = new RecordCursor();
        long next = partition.log().startOffset();
        while (next < partition.log().durableEnd()) {
            cursor.open(LogReplay.batches(partition.log(), next, 1 << 20));
            while (cursor.next(next)) {
                next = cursor.offset() + 1;
                found.merge(StandardCharsets.UTF_8.decode(cursor.body()).toString(), 1,
                        Integer::sum);
            }
        }
    }

    @Override
    public void machineDied() {
        // Messages unanswered by then may be stored or not.
        Mischief.disarm();
        model.machineDied();
    }
}
