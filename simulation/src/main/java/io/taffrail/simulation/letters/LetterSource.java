package io.taffrail.simulation.letters;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.topic.Partition;
import io.taffrail.simulation.letters.LetterModel.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A queue with dead letters.
 *
 * @param target
 *            the log that receives the letters
 * @param here
 *            true if that log belongs to the owner of the virtual host
 * @param atLeastOnce
 *            true if letters stay in the queue until the target has them
 */
record LetterSource(Target target, boolean here, boolean atLeastOnce) {

    /** A log for dead letters. */
    enum Target {
        /** A partition that takes every letter. */
        TOPIC,
        /** A stream of the virtual host. */
        STREAM,
        /** A partition of a topic that is compacted; the letters have no key. */
        KEYED,
        /** A partition of a topic whose limit of a record's size is below any letter at times. */
        SMALL
    }

    /** The sources of a run. */
    static final List<LetterSource> ALL = List.of(new LetterSource(Target.TOPIC, true, false),
            new LetterSource(Target.TOPIC, false, false),
            new LetterSource(Target.TOPIC, true, true),
            new LetterSource(Target.TOPIC, false, true),
            new LetterSource(Target.STREAM, true, false),
            new LetterSource(Target.STREAM, true, true),
            new LetterSource(Target.KEYED, false, false),
            new LetterSource(Target.KEYED, true, true),
            new LetterSource(Target.SMALL, true, false),
            new LetterSource(Target.SMALL, false, true));

    String name() {
        return target.name().toLowerCase(Locale.ROOT) + (here ? "-here" : "-there")
                + (atLeastOnce ? "-least" : "-most");
    }

    /** The route of a message that is published to it. */
    Kind kind() {
        return switch (target) {
            case TOPIC, STREAM -> atLeastOnce ? Kind.AT_LEAST_ONCE : Kind.LETTER;
            case KEYED -> atLeastOnce ? Kind.KEYLESS_AT_LEAST_ONCE : Kind.KEYLESS;
            case SMALL -> atLeastOnce ? Kind.LARGE_AT_LEAST_ONCE : Kind.LARGE;
        };
    }

    /** Name of the topic of its target; empty for the stream. */
    String topic() {
        return switch (target) {
            case TOPIC -> LetterModel.TOPIC;
            case KEYED -> LetterModel.KEYED;
            case SMALL -> LetterModel.SMALL;
            case STREAM -> "";
        };
    }

    /**
     * Its declaration.
     *
     * @param partition
     *            the partition of the target; not used for the stream
     */
    QueueDeclaration declaration(Partition partition) {
        Map<String, FieldValue> arguments = new HashMap<>();
        switch (target) {
            case STREAM -> letters(arguments, "", LetterModel.STREAM);
            case KEYED -> letters(arguments, LetterModel.keyless(partition.index()), "");
            default -> letters(arguments, topic(), "" + partition.index());
        }
        if (atLeastOnce) {
            arguments.put("x-queue-type", new FieldValue.Text("quorum"));
            arguments.put("x-overflow", new FieldValue.Text("reject-publish"));
            arguments.put("x-dead-letter-strategy", new FieldValue.Text("at-least-once"));
        }
        return new QueueDeclaration(name(), true, false, false, FieldTable.of(arguments));
    }

    private static void letters(Map<String, FieldValue> arguments, String exchange, String key) {
        arguments.put("x-dead-letter-exchange", new FieldValue.Text(exchange));
        arguments.put("x-dead-letter-routing-key", new FieldValue.Text(key));
    }
}
