package io.taffrail.simulation.queue;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.vhost.ConfirmListener;
import io.taffrail.broker.vhost.PublishOutcome;
import io.taffrail.broker.vhost.Publisher;
import io.taffrail.simulation.queue.StreamReader.Start;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.Violation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The client that writes and reads the stream in one life. Owner's thread only. */
final class StreamClient implements ConfirmListener {

    private static final int MAX_READERS = 3;

    private final QueueMachine machine;
    private final StreamModel model;
    private final Publisher publisher;
    private final NavigableMap<Long, Integer> unanswered = new TreeMap<>();
    private final List<StreamReader> readers = new ArrayList<>();
    private long tag;

    StreamClient(QueueMachine machine, StreamModel model) {
        this.machine = machine;
        this.model = model;
        this.publisher = machine.host().publisher(this);
    }

    boolean isAnswered() {
        return unanswered.isEmpty();
    }

    void something(Dice dice) {
        switch (dice.below(10)) {
            case 0, 1 -> {
                if (readers.size() < MAX_READERS) {
                    read(new StreamReader(machine, model, start(dice),
                            dice.pick(List.of(1, 3, 20))));
                }
            }
            case 2 -> {
                if (!readers.isEmpty()) {
                    readers.remove(dice.below(readers.size())).die();
                }
            }
            case 3, 4, 5 -> readers.forEach(it -> it.accept(dice.between(1, 5)));
            default -> {
                for (int i = dice.between(1, 3); i > 0; i--) {
                    publish();
                }
            }
        }
    }

    private Start start(Dice dice) {
        return switch (dice.below(5)) {
            case 0 -> new Start.First();
            case 1 -> new Start.Last();
            case 2 -> new Start.Next(model.endAtLeast());
            case 3 -> new Start.At(dice.below((int) model.endAtLeast() + 2));
            default -> new Start.Since(machine.nowMs() / 1000 - dice.below(3));
        };
    }

    private void read(StreamReader reader) {
        readers.add(reader);
        reader.begin();
    }

    private void publish() {
        int message = model.publishes(machine.nowMs());
        unanswered.put(++tag, message);
        machine.trace().event("publish", StreamModel.NAME, message, tag);
        PublishOutcome outcome = publisher.publish(tag, new Message("", StreamModel.NAME,
                Properties.none(), ByteBuffer
                        .wrap(String.valueOf(message).getBytes(StandardCharsets.UTF_8))));
        if (outcome != PublishOutcome.ROUTED) {
            throw new Violation("a message goes where it is bound to", "stream " + outcome);
        }
    }

    @Override
    public void confirmed(long upToTag) {
        if (!machine.isOver()) {
            var confirmed = unanswered.headMap(upToTag, true);
            confirmed.values().forEach(model::confirmed);
            confirmed.clear();
        }
    }

    @Override
    public void rejected(long rejectedTag) {
        if (!machine.isOver()) {
            unanswered.remove(rejectedTag);
        }
    }

    void die() {
        readers.forEach(StreamReader::die);
        readers.clear();
        publisher.close();
    }

    /** Reads the whole stream while no other client is connected, and compares. */
    static void check(QueueMachine machine, StreamModel model) {
        Census.barrier(machine, () -> {});
        StreamReader all = new StreamReader(machine, model, new Start.First(), 10_000);
        machine.onOwner(() -> all.begin());
        for (int i = 0; i < 3; i++) {
            Census.barrier(machine, () -> {});
        }
        model.requireWhole();
        machine.onOwner(all::die);
        Census.barrier(machine, () -> {});
    }
}
