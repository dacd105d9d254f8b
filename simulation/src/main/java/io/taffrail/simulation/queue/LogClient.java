package io.taffrail.simulation.queue;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.log.AppendResult;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.Codec;
import io.taffrail.log.batch.RecordView.Header;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.Violation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A log client that appends batches to the logs of queues, as the Kafka head does: records without
 * an envelope, with an invalid one, or with one that the client made itself. Owner's thread only.
 */
final class LogClient {

    private static final String ENVELOPE = "amqp";
    private static final int MOST_RECORDS = 4;
    /** Copies of a message that take several turns if limits are narrow. */
    private static final int FEW_COPIES = 3;
    /** Longer than a routing key may be. */
    private static final int LONG_KEY_BYTES = 300;

    private final QueueMachine machine;
    private final Ledger ledger;
    private final QueuesPlan plan;
    private final Dice dice;
    private int unanswered;

    LogClient(QueueMachine machine, Ledger ledger, QueuesPlan plan, Dice dice) {
        this.machine = machine;
        this.ledger = ledger;
        this.plan = plan;
        this.dice = dice;
    }

    boolean isAnswered() {
        return unanswered == 0;
    }

    /** Appends a batch to the log of a random queue. */
    void append() {
        QueuePlan queue = dice.pick(plan.queues());
        Step step = new Step("append to " + queue.name());
        if (machine.storesInParts(FEW_COPIES)) {
            step.overtake(); // Earlier messages may still be on their way to the queue.
        }
        BatchBuilder builder = new BatchBuilder().codec(dice.oneIn(3) ? Codec.GZIP : Codec.NONE);
        List<Sent> batch = new ArrayList<>();
        for (int left = dice.between(1, MOST_RECORDS); left > 0; left--) {
            int ttlMs = plan.ownTimes() && dice.oneIn(6) ? dice.pick(List.of(1, 300)) : -1;
            Sent sent = new Sent(ledger.nextId(), "", queue.name(), machine.nowMs(), ttlMs, 0, -1,
                    dice.below(plan.bodyBytes()));
            ledger.published(sent, step);
            batch.add(sent);
            add(builder, sent);
        }
        ByteBuffer bytes = builder.build();
        BatchHeader.stampTime(bytes, bytes.position(), true, machine.nowMs());
        append(queue, bytes, batch, step);
    }

    private void append(QueuePlan queue, ByteBuffer bytes, List<Sent> batch, Step step) {
        switch (machine.log(queue.name()).append(bytes)) {
            case AppendResult.Stored stored -> {
                for (int i = 0; i < batch.size(); i++) {
                    copy(queue, batch.get(i)).offset(stored.baseOffset() + i);
                }
                unanswered++;
                var _ = stored.durable().whenComplete((_, failure) -> {
                    unanswered--;
                    if (failure == null && !machine.isOver()) {
                        step.done(true, "appended");
                    }
                });
            }
            case AppendResult.Refused refused -> {
                requireCause(queue, refused);
                if (machine.disk().isSound()) {
                    batch.forEach(it -> copy(queue, it).rejected());
                }
            }
            case AppendResult.Duplicate duplicate -> throw new Violation(
                    "a batch without a producer is no duplicate", duplicate.toString());
        }
    }

    private Copy copy(QueuePlan queue, Sent sent) {
        return ledger.queue(queue.name()).copy(sent, "", null);
    }

    private void requireCause(QueuePlan queue, AppendResult.Refused refused) {
        if (!queue.mayRefuse() && !plan.mayOverload() && !machine.disk().hasBeenFull()
                && !machine.disk().hasFailed() && !ledger.isDoubtful()) {
            throw new Violation("nothing is refused without cause", refused.toString());
        }
    }

    private void add(BatchBuilder builder, Sent sent) {
        List<Header> headers = new ArrayList<>();
        if (sent.expirationMs() >= 0) {
            headers.add(new Header(ENVELOPE, envelope(Properties.none().withText(
                    Property.EXPIRATION, String.valueOf(sent.expirationMs())))));
        } else if (dice.flip()) {
            headers.add(new Header(ENVELOPE, invalidEnvelope()));
        } else if (dice.oneIn(4)) {
            headers.add(new Header(ENVELOPE, envelope(oddProperties())));
        }
        if (dice.oneIn(3)) {
            headers.add(new Header("content-type", bytes("text/plain")));
            headers.add(new Header("x-death", bytes("none")));
            headers.add(new Header("binary", random(9)));
            headers.add(new Header(ENVELOPE, null));
        }
        // A client's own time, which the broker's replaces.
        builder.add(dice.any() >>> 20, sent.expirationMs() >= 0 ? null : key(), bytes(sent.body()),
                headers);
    }

    private @Nullable ByteBuffer key() {
        return switch (dice.below(4)) {
            case 0 -> null;
            case 1 -> random(LONG_KEY_BYTES);
            case 2 -> random(5);
            default -> bytes("key");
        };
    }

    /** A header that looks like an envelope and is none. */
    private @Nullable ByteBuffer invalidEnvelope() {
        ByteBuffer valid = envelope(oddProperties());
        return switch (dice.below(4)) {
            case 0 -> null;
            case 1 -> ByteBuffer.allocate(0);
            case 2 -> valid.limit(dice.between(1, valid.limit() - 1));
            default -> valid.put(dice.below(valid.limit()), (byte) 0xFF);
        };
    }

    /** Properties that a client may set in an envelope, with values that make no sense. */
    private static Properties oddProperties() {
        return Properties.none().withText(Property.EXPIRATION, "later")
                .withHeaders(FieldTable.of(Map.of(
                        "x-death", new FieldValue.ListOf(List.of(new FieldValue.Int32(7))),
                        "CC", new FieldValue.Text("d0"))));
    }

    private static ByteBuffer envelope(Properties properties) {
        ByteBuffer section = properties.section();
        return ByteBuffer.allocate(1 + section.remaining()).put((byte) 0).put(section.duplicate())
                .flip();
    }

    private ByteBuffer random(int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            bytes.put((byte) dice.below(256));
        }
        return bytes.flip();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
