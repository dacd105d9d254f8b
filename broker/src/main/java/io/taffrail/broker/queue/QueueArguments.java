package io.taffrail.broker.queue;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.queue.QueueSettings.DeadLetters;
import io.taffrail.broker.queue.QueueSettings.Expiry;
import io.taffrail.broker.queue.QueueSettings.Limits;
import io.taffrail.broker.queue.QueueSettings.Overflow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The parser of queue arguments. It refuses invalid values with RabbitMQ's error texts; unknown
 * arguments are kept and have no effect.
 */
public final class QueueArguments {

    /** Arguments that must be equal when a queue is declared again. */
    public static final List<String> COMPARED = List.of("x-expires", "x-message-ttl",
            "x-dead-letter-exchange", "x-dead-letter-routing-key", "x-max-length",
            "x-max-length-bytes", "x-single-active-consumer", "x-max-priority", "x-overflow",
            "x-queue-type", "x-queue-mode", "x-queue-version", "x-delivery-limit", "x-max-age",
            "x-keep-settled");

    /** Time span for which settled messages stay readable in the log; an extension of Taffrail. */
    private static final String KEEP_SETTLED = "x-keep-settled";

    /** Argument of queues and consumers: the consumer time-out in milliseconds. */
    public static final String CONSUMER_TIMEOUT = "x-consumer-timeout";
    private static final int DEFAULT_DELIVERY_LIMIT = 20;
    private static final int MAX_PRIORITY = 255;
    private static final String DEAD_LETTER_EXCHANGE = "x-dead-letter-exchange";
    private static final String DEAD_LETTER_STRATEGY = "x-dead-letter-strategy";
    private static final String AT_LEAST_ONCE = "at-least-once";
    private static final List<String> STRATEGIES = List.of("at-most-once", AT_LEAST_ONCE);
    /** Longest time in milliseconds: ten years, as in RabbitMQ. */
    public static final long MAX_SPAN_MS = 315_360_000_000L;
    private static final Map<String, Overflow> OVERFLOWS = Map.of("drop-head", Overflow.DROP_HEAD,
            "reject-publish", Overflow.REJECT_PUBLISH, "reject-publish-dlx",
            Overflow.REJECT_PUBLISH_DEAD_LETTER);
    private static final String LEADER_LOCATOR = "x-queue-leader-locator";
    private static final String MASTER_LOCATOR = "x-queue-master-locator";
    private static final List<String> LOCATORS = List.of("client-local", "balanced",
            "random", "least-leaders");
    private static final List<String> GROUP_SIZES = List.of("x-quorum-initial-group-size",
            "x-initial-cluster-size");
    /** Arguments that are checked and have no effect. */
    private static final List<String> IN_MEMORY = List.of("x-max-in-memory-length",
            "x-max-in-memory-bytes");
    private static final Map<QueueType, List<String>> NOT_OF_TYPE = Map.of(
            QueueType.CLASSIC, List.of("x-delivery-limit", "x-dead-letter-strategy",
                    "x-max-in-memory-length", "x-max-in-memory-bytes",
                    "x-quorum-initial-group-size", "x-quorum-target-group-size", "x-max-age",
                    "x-stream-max-segment-size-bytes", "x-stream-filter-size-bytes",
                    "x-initial-cluster-size", LEADER_LOCATOR),
            QueueType.QUORUM, List.of("x-max-priority", "x-queue-mode", "x-max-age",
                    "x-stream-max-segment-size-bytes", "x-stream-filter-size-bytes",
                    "x-initial-cluster-size", "x-queue-version", MASTER_LOCATOR),
            QueueType.STREAM, List.of("x-max-priority", "x-queue-mode", "x-expires",
                    "x-message-ttl", "x-dead-letter-exchange", "x-dead-letter-routing-key",
                    "x-max-length", "x-overflow", "x-single-active-consumer",
                    "x-delivery-limit", "x-dead-letter-strategy", "x-max-in-memory-length",
                    "x-max-in-memory-bytes", "x-quorum-initial-group-size",
                    "x-quorum-target-group-size", "x-queue-version", KEEP_SETTLED,
                    MASTER_LOCATOR));

    private final QueueDeclaration declaration;
    private final String object;
    private final FieldTable arguments;

    private QueueArguments(QueueDeclaration declaration, String object) {
        this.declaration = declaration;
        this.object = object;
        this.arguments = declaration.arguments();
    }

    /**
     * Reads the arguments.
     *
     * @param object
     *            the queue as error texts name it: {@code queue 'q' in vhost '/'}
     * @throws BrokerException
     *             if an argument is invalid
     */
    public static QueueSettings read(QueueDeclaration declaration, String object) {
        return new QueueArguments(declaration, object).read();
    }

    /**
     * Checks the arguments of a consumer.
     *
     * @param object
     *            the queue as error texts name it
     * @throws BrokerException
     *             if an argument is invalid
     */
    public static void checkConsumer(FieldTable arguments, String object) {
        Optional<FieldValue> priority = arguments.get("x-priority");
        if (priority.isPresent() && priority.get().number().isEmpty()) {
            throw refused("invalid arg 'x-priority' for " + object + ": \"expected integer, got "
                    + priority.get().typeName() + "\"");
        }
    }

    /**
     * How long settled messages stay readable in the log, in milliseconds; empty: until their space
     * is reclaimed.
     */
    static OptionalLong keepSettledMs(QueueDeclaration declaration) {
        return declaration.arguments().get(KEEP_SETTLED)
                .map(value -> value instanceof FieldValue.Text(String text)
                        ? Age.milliseconds(text)
                        : OptionalLong.empty())
                .orElseGet(OptionalLong::empty);
    }

    private QueueSettings read() {
        QueueType type = type();
        checkDeadLetterExchange();
        checkType(type);
        boolean atLeastOnce = isAtLeastOnce();
        OptionalLong expires = span("x-expires");
        if (expires.isPresent() && expires.getAsLong() == 0) {
            throw invalid("x-expires", "{value_zero,0}");
        }
        Expiry expiry = new Expiry(span("x-message-ttl"), expires);
        Limits limits = new Limits(number("x-max-length"), number("x-max-length-bytes"),
                overflow());
        checkOther();
        return new QueueSettings(type, expiry, limits,
                deadLetters(type == QueueType.QUORUM && atLeastOnce
                        && limits.overflow() == Overflow.REJECT_PUBLISH),
                maxPriority(),
                flag("x-single-active-consumer"), deliveryLimit(type),
                flag("x-message-deduplication"), number(CONSUMER_TIMEOUT));
    }

    private QueueType type() {
        Optional<FieldValue> value = arguments.get("x-queue-type");
        if (value.isEmpty()) {
            return QueueType.CLASSIC;
        }
        String text = text("x-queue-type").orElse("");
        for (QueueType type : QueueType.values()) {
            if (type.argument().equals(text)) {
                return type;
            }
        }
        throw invalid("x-queue-type", "\"unsupported queue type '" + text + "'\"");
    }

    private void checkType(QueueType type) {
        if (type != QueueType.CLASSIC) {
            checkProperties();
        }
        for (String argument : NOT_OF_TYPE.getOrDefault(type, List.of())) {
            if (arguments.get(argument).isPresent()) {
                throw refused("invalid arg '" + argument + "' for " + object
                        + " of queue type rabbit_" + type.argument() + "_queue");
            }
        }
    }

    private void checkProperties() {
        if (declaration.autoDelete()) {
            throw refused("invalid property 'auto-delete' for " + object);
        }
        if (declaration.exclusive()) {
            throw refused("invalid property 'exclusive-owner' for " + object);
        }
        if (!declaration.durable()) {
            throw refused("invalid property 'non-durable' for " + object);
        }
    }

    private Overflow overflow() {
        Optional<String> text = text("x-overflow");
        if (text.isEmpty()) {
            return Overflow.DROP_HEAD;
        }
        Overflow overflow = OVERFLOWS.get(text.get());
        if (overflow == null) {
            throw invalid("x-overflow", "invalid_overflow");
        }
        return overflow;
    }

    private boolean isAtLeastOnce() {
        Optional<String> strategy = text(DEAD_LETTER_STRATEGY);
        if (strategy.isPresent() && !STRATEGIES.contains(strategy.get())) {
            throw invalid(DEAD_LETTER_STRATEGY, "invalid_dlx_strategy");
        }
        return strategy.isPresent() && strategy.get().equals(AT_LEAST_ONCE);
    }

    /**
     * The destination of dead letters.
     *
     * @param atLeastOnce
     *            requested and possible: as in RabbitMQ it requires {@code x-overflow:
     *            reject-publish}
     */
    private DeadLetters deadLetters(boolean atLeastOnce) {
        DeadLetters target = new DeadLetters(text(DEAD_LETTER_EXCHANGE),
                text("x-dead-letter-routing-key"), atLeastOnce);
        if (target.key().isPresent() && target.exchange().isEmpty()) {
            throw invalid("x-dead-letter-routing-key", "routing_key_but_no_dlx_defined");
        }
        return target;
    }

    private void checkDeadLetterExchange() {
        arguments.get(DEAD_LETTER_EXCHANGE).filter(value -> !(value instanceof FieldValue.Text))
                .ifPresent(value -> {
                    throw refused("invalid type '" + value.typeName() + "' for arg '"
                            + DEAD_LETTER_EXCHANGE + "' in " + object);
                });
    }

    private int maxPriority() {
        OptionalLong max = number("x-max-priority");
        if (max.isPresent() && max.getAsLong() > MAX_PRIORITY) {
            throw invalid("x-max-priority", "{max_value_exceeded," + max.getAsLong() + "}");
        }
        return (int) max.orElse(0);
    }

    private boolean flag(String argument) {
        Optional<FieldValue> value = arguments.get(argument);
        if (value.isPresent() && !(value.get() instanceof FieldValue.Bool)) {
            throw unacceptable(argument, value.get());
        }
        return value.isPresent() && value.get() instanceof FieldValue.Bool(boolean on) && on;
    }

    private void checkOther() {
        if (arguments.get(KEEP_SETTLED).isPresent() && keepSettledMs(declaration).isEmpty()) {
            throw invalid(KEEP_SETTLED, "invalid_max_age");
        }
        for (String size : GROUP_SIZES) {
            if (number(size).equals(OptionalLong.of(0))) {
                throw invalid(size, "{value_zero,0}");
            }
        }
        Optional<String> locator = text(LEADER_LOCATOR);
        if (locator.isPresent() && !LOCATORS.contains(locator.get())) {
            throw invalid(LEADER_LOCATOR, "invalid_queue_locator_arg");
        }
        for (String inMemory : IN_MEMORY) {
            var _ = number(inMemory);
        }
        Optional<String> mode = text("x-queue-mode");
        if (mode.isPresent() && !List.of("default", "lazy").contains(mode.get())) {
            throw invalid("x-queue-mode", "\"unsupported queue mode '" + mode.get() + "'\"");
        }
        OptionalLong version = number("x-queue-version");
        if (version.isPresent() && version.getAsLong() != 1 && version.getAsLong() != 2) {
            throw invalid("x-queue-version",
                    "\"unsupported queue version '" + version.getAsLong() + "'\"");
        }
    }

    /**
     * The delivery limit. As in RabbitMQ a value that is not a whole number is accepted and means
     * the default.
     */
    private OptionalInt deliveryLimit(QueueType type) {
        if (type != QueueType.QUORUM) {
            return OptionalInt.empty();
        }
        long limit = arguments.get("x-delivery-limit").flatMap(FieldValue::number)
                .orElse((long) DEFAULT_DELIVERY_LIMIT);
        return limit < 0
                ? OptionalInt.empty()
                : OptionalInt.of((int) Math.min(limit, Integer.MAX_VALUE));
    }

    private OptionalLong number(String argument) {
        Optional<FieldValue> value = arguments.get(argument);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        long number = value.get().number().orElseThrow(() -> noNumber(argument, value.get()));
        if (number < 0) {
            throw invalid(argument, "{value_negative," + number + "}");
        }
        return OptionalLong.of(number);
    }

    /** A time in milliseconds. */
    private OptionalLong span(String argument) {
        OptionalLong milliseconds = number(argument);
        if (milliseconds.isPresent() && milliseconds.getAsLong() > MAX_SPAN_MS) {
            throw invalid(argument, "{value_too_large," + milliseconds.getAsLong() + "}");
        }
        return milliseconds;
    }

    private Optional<String> text(String argument) {
        Optional<FieldValue> value = arguments.get(argument);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.get() instanceof FieldValue.Text(String text)) {
            return Optional.of(text);
        }
        throw unacceptable(argument, value.get());
    }

    private BrokerException noNumber(String argument, FieldValue value) {
        return invalid(argument, "\"expected integer, got " + value.typeName() + "\"");
    }

    private BrokerException unacceptable(String argument, FieldValue value) {
        return invalid(argument, "{unacceptable_type," + value.typeName() + "}");
    }

    private BrokerException invalid(String argument, String why) {
        return refused("invalid arg '" + argument + "' for " + object + ": " + why);
    }

    private static BrokerException refused(String text) {
        return new BrokerException(BrokerError.PRECONDITION_FAILED, text);
    }
}
