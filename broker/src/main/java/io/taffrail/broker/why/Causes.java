package io.taffrail.broker.why;

import io.taffrail.broker.why.Cause.Kind;
import io.taffrail.broker.why.ConsumerStanding.Block;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Derives the causes for which messages wait from snapshots, the decisive one first. */
public final class Causes {

    private final long nowMs;

    /**
     * @param nowMs
     *            the present, in milliseconds since 1970
     */
    public Causes(long nowMs) {
        this.nowMs = nowMs;
    }

    /** The causes for which the messages of a queue wait; never empty. */
    public List<Cause> of(QueueStanding queue) {
        List<Cause> causes = new ArrayList<>();
        queue.quarantine().ifPresent(cause -> causes.add(new Cause(Kind.QUARANTINED,
                "The queue failed and is out of use until it is reopened: " + cause + ".")));
        if (!causes.isEmpty()) {
            return causes;
        }
        if (queue.traits().stream()) {
            return List.of(stream(queue));
        }
        if (queue.ready() > 0) {
            ready(queue, causes);
        }
        held(queue, causes);
        if (queue.waitingLetters() > 0) {
            causes.add(new Cause(Kind.DEAD_LETTER_TARGET, count(queue.waitingLetters(), "message")
                    + " must be dead-lettered, but a target queue does not take them."));
        }
        return causes.isEmpty()
                ? List.of(new Cause(Kind.NOTHING_WAITS, "The queue is empty."))
                : causes;
    }

    private static Cause stream(QueueStanding queue) {
        return queue.consumerCount() == 0
                ? new Cause(Kind.NO_CONSUMER, "Nobody reads the stream over AMQP now; its messages"
                        + " stay until retention removes them.")
                : new Cause(Kind.UNDER_WAY, count(queue.consumerCount(), "consumer")
                        + " of the stream read at their own pace.");
    }

    private void ready(QueueStanding queue, List<Cause> causes) {
        if (queue.consumerCount() == 0) {
            causes.add(new Cause(Kind.NO_CONSUMER, count(queue.ready(), "message")
                    + " ready, and nobody consumes from the queue."));
            return;
        }
        if (queue.requeueing()) {
            causes.add(new Cause(Kind.REQUEUE_UNDER_WAY, "Many deliveries are being requeued;"
                    + " nothing is delivered until they are back in their places."));
            return;
        }
        List<ConsumerStanding> taking = queue.consumers().stream()
                .filter(it -> it.block() == Block.NONE).toList();
        queue.consumers().stream().filter(it -> it.block() == Block.PREFETCH_FULL)
                .forEach(it -> causes.add(new Cause(Kind.PREFETCH_FULL, name(it) + " holds "
                        + it.held() + " of at most " + it.prefetch()
                        + " unacknowledged messages" + since(it.lastDeliveryMs()) + ".")));
        queue.consumers().stream().filter(it -> it.block() == Block.NOT_READING)
                .forEach(it -> causes.add(new Cause(Kind.SLOW_CONSUMER, name(it)
                        + " does not take more from its socket"
                        + since(it.lastDeliveryMs()) + ".")));
        if (queue.traits().singleActive() && queue.consumerCount() > 1) {
            causes.add(new Cause(Kind.SINGLE_ACTIVE, "The queue serves one active consumer; "
                    + (queue.consumerCount() - 1) + " more wait for their turn."));
        }
        if (!taking.isEmpty()) {
            causes.addFirst(new Cause(Kind.UNDER_WAY, count(queue.ready(), "message")
                    + " ready; " + count(taking.size(), "consumer")
                    + " can take messages, so that deliveries go on."));
        }
    }

    private static void held(QueueStanding queue, List<Cause> causes) {
        if (queue.held() == 0) {
            return;
        }
        for (ConsumerStanding consumer : queue.consumers()) {
            if (consumer.held() > 0 && consumer.block() != Block.PREFETCH_FULL) {
                causes.add(new Cause(Kind.HELD, name(consumer) + " holds "
                        + count(consumer.held(), "unacknowledged message") + "."));
            }
        }
        if (queue.heldByOthers() > 0) {
            causes.add(new Cause(Kind.HELD, count(queue.heldByOthers(), "message")
                    + " held by channels that took them one by one, by consumers that were"
                    + " cancelled or are not listed, or waiting for a dead-letter target."));
        }
    }

    /** The causes for which one message waits; never empty. */
    public List<Cause> of(MessageStanding message, QueueStanding queue) {
        return switch (message.state()) {
            case SETTLED -> List.of(new Cause(Kind.NOTHING_WAITS,
                    "The message is settled: it was acknowledged, expired, purged, dropped or"
                            + " dead-lettered."));
            case DAMAGED -> List.of(new Cause(Kind.DAMAGED,
                    "The message cannot be read from the disk; it stays until it can."));
            case DEAD_LETTER_WAITS -> List.of(new Cause(Kind.DEAD_LETTER_TARGET,
                    "The message must be dead-lettered, but a target queue does not take it."));
            case KEPT -> of(queue);
            case HELD -> List.of(new Cause(Kind.HELD, message.holder()
                    .map(it -> name(it) + " holds it" + since(it.lastDeliveryMs()) + ".")
                    .orElse("A channel that took it alone, or a consumer that was cancelled,"
                            + " holds it.")));
            case READY, REQUEUED -> {
                List<Cause> causes = new ArrayList<>(of(queue));
                if (message.ahead() > 0) {
                    causes.addFirst(behind(message, queue));
                }
                yield causes;
            }
        };
    }

    private static Cause behind(MessageStanding message, QueueStanding queue) {
        return queue.traits().maxPriority() > 0
                ? new Cause(Kind.BEHIND_PRIORITY, "At most " + count(message.ahead(), "message")
                        + " of a higher priority, or older, come first.")
                : new Cause(Kind.BEHIND_OTHERS, count(message.ahead(), "message")
                        + " are delivered first.");
    }

    private static String name(ConsumerStanding consumer) {
        return "Consumer " + consumer.tag() + " (" + consumer.connection() + ")";
    }

    private String since(OptionalLong timeMs) {
        return timeMs.isEmpty()
                ? ""
                : ", since " + Instant.ofEpochMilli(timeMs.getAsLong()) + " ("
                        + age(nowMs - timeMs.getAsLong()) + ")";
    }

    /** A span of time for people, such as {@code 3 min}. */
    static String age(long spanMs) {
        Duration span = Duration.ofMillis(Math.max(0, spanMs));
        if (span.toMinutes() == 0) {
            return span.toSeconds() + " s";
        }
        if (span.toHours() == 0) {
            return span.toMinutes() + " min";
        }
        return span.toDays() == 0 ? span.toHours() + " h" : span.toDays() + " d";
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
