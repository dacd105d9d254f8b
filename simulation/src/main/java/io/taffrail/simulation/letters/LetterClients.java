package io.taffrail.simulation.letters;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.queue.Getter;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.vhost.ConfirmListener;
import io.taffrail.broker.vhost.Publisher;
import io.taffrail.simulation.letters.LetterModel.Kind;
import io.taffrail.simulation.letters.LetterModel.Sent;
import io.taffrail.simulation.machine.Clients;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.Violation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** A channel that publishes, and one that rejects its deliveries. */
final class LetterClients implements Clients, ConfirmListener {

    static final Session SESSION = new Session("client");

    private final LetterMachine machine;
    private final LetterModel model;
    private final Dice dice;
    private final Publisher publisher;
    private final NavigableMap<Long, Sent> unanswered = new TreeMap<>();
    private long tag;
    private int asked;

    LetterClients(LetterMachine machine, LetterModel model, Dice dice) {
        this.machine = machine;
        this.model = model;
        this.dice = dice;
        this.publisher = machine.host().publisher(this);
    }

    @Override
    public void something() {
        int what = dice.below(10);
        LetterSource source = dice.pick(LetterSource.ALL);
        if (dice.oneIn(30)) {
            var _ = machine.limitSmall(dice.flip());
        }
        String key = "k" + dice.below(2);
        int delayMs = dice.pick(List.of(1, 20, 400));
        int times = dice.between(1, 4);
        machine.owner().execute(() -> {
            for (int left = times; left > 0; left--) {
                switch (what) {
                    case 0 -> publish(Kind.FANOUT, LetterModel.FANOUT, "", Properties.none());
                    case 1 -> publish(Kind.DELAYED, LetterModel.DELAYED, key, Properties.none()
                            .withHeaders(FieldTable
                                    .of(Map.of("x-delay", new FieldValue.Int32(delayMs)))));
                    case 2, 3, 4 -> publish(source.kind(), "", source.name(), Properties.none());
                    default -> reject(source.name());
                }
            }
        });
    }

    private void publish(Kind kind, String exchange, String key, Properties properties) {
        Sent sent = model.publish(kind);
        unanswered.put(++tag, sent);
        var _ = publisher.publish(tag, new Message(exchange, key, properties,
                ByteBuffer.wrap(sent.body().getBytes(StandardCharsets.UTF_8))));
    }

    private void reject(String queue) {
        asked++;
        var _ = machine.host().get(queue, SESSION, Optional.of(new GetHolder(List.of())),
                new Getter() {
                    @Override
                    public void got(Delivery delivery, StoredMessage message, long left) {
                        model.rejects(StandardCharsets.UTF_8.decode(message.body()).toString());
                        delivery.reject();
                        asked--;
                    }

                    @Override
                    public void empty() {
                        asked--;
                    }
                }).exceptionally(failure -> {
                    asked--;
                    if (!machine.disk().hasFailed()) {
                        throw new Violation("nothing is refused without cause",
                                failure.toString(), failure);
                    }
                    return null;
                });
    }

    @Override
    public void confirmed(long upTo) {
        if (!machine.isOver()) {
            NavigableMap<Long, Sent> answered = unanswered.headMap(upTo, true);
            answered.values().forEach(Sent::confirmed);
            answered.clear();
        }
    }

    @Override
    public void rejected(long rejectedTag) {
        if (!machine.isOver() && unanswered.remove(rejectedTag) == null) {
            throw new Violation("every publish has one answer", "rejected " + rejectedTag);
        }
    }

    @Override
    public void leave() {
        machine.scheduler().until("answers", () -> (machine.owner().isIdle()
                && unanswered.isEmpty() && asked == 0) || machine.disk().isDead());
    }
}
