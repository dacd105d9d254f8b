package io.taffrail.simulation.mutant;

import java.util.List;

/** The points at which code of a virtual host throws in a {@code FailingQueueRun}. */
final class Throwing {

    private static final String BROKER = "io.taffrail.broker.";
    private static final String OUTBOX = BROKER + "outbox.";
    private static final String QUEUE = BROKER + "queue.";

    private Throwing() {}

    /** Callbacks of turns, logs, timers and consumers. */
    static List<Mutation> points() {
        return List.of(
                Mutation.mayThrow(QUEUE + "Queue", "advanced", "dispatch", "requeue", "purge",
                        "take"),
                Mutation.mayThrow(QUEUE + "SingleGets", "getNow"),
                Mutation.mayThrow(QUEUE + "MessageLog", "collect", "stored", "refused", "advanced"),
                Mutation.mayThrow(QUEUE + "GivingUp", "head", "held", "goes", "tried", "nextStep"),
                Mutation.mayThrow(QUEUE + "HandingOut", "serve", "flush"),
                Mutation.mayThrow(QUEUE + "Expiration", "watch"),
                Mutation.mayThrow(QUEUE + "DelayedMessages", "catchUp", "run", "goes"),
                Mutation.mayThrow(BROKER + "cursor.CursorLog", "collect", "stored", "refused"),
                Mutation.mayThrow(BROKER + "deduplication.MarkLog", "collect", "stored", "refused"),
                Mutation.mayThrow(BROKER + "stream.StreamConsumer", "pass"),
                Mutation.mayThrow(BROKER + "stream.StreamQueue", "advanced"));
    }

    /** Methods of both sides of an outbox, and of the members of turns that use one. */
    static List<Mutation> outboxes() {
        return List.of(
                Mutation.mayThrow(OUTBOX + "Outbox", "stored", "pump", "load", "send", "answered",
                        "again", "goOn", "moveTo"),
                Mutation.mayThrow(OUTBOX + "OutboxReader", "read"),
                Mutation.mayThrow(OUTBOX + "OutboxSpace", "added", "removed", "trim", "erase"),
                Mutation.mayThrow(OUTBOX + "OutboxWriter", "collect", "stored", "refused"),
                Mutation.mayThrow(OUTBOX + "Inbox", "receive", "store", "stored", "moveTo",
                        "trim"),
                Mutation.mayThrow(BROKER + "topic.PartitionDestinations", "find"),
                Mutation.mayThrow(BROKER + "topic.PartitionDestinations$PartitionDestination",
                        "admit"),
                Mutation.mayThrow(BROKER + "stream.PartitionLog", "append", "tell", "stored"));
    }
}
