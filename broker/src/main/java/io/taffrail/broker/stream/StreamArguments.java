package io.taffrail.broker.stream;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.queue.Age;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.log.CompactionOptions;
import io.taffrail.log.Durability;
import io.taffrail.log.LogOptions;
import io.taffrail.log.config.ByteSize;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The parser of the retention arguments of a stream queue. Retention drops whole segments, oldest
 * first.
 */
public final class StreamArguments {

    private static final String MAX_BYTES = "x-max-length-bytes";
    private static final String MAX_AGE = "x-max-age";
    private static final String SEGMENT_BYTES = "x-stream-max-segment-size-bytes";
    private static final String FILTER_BYTES = "x-stream-filter-size-bytes";

    /**
     * RabbitMQ's default and upper limit of a segment in bytes; the engine's own limit is lower.
     */
    private static final long DEFAULT_SEGMENT_BYTES = 500_000_000;
    private static final long MAX_SEGMENT_BYTES = 3_000_000_000L;
    private static final long LARGEST_SEGMENT_BYTES = 1 << 30;
    private static final long SMALLEST_SEGMENT_BYTES = 1 << 10;

    private static final Duration SEGMENT_AGE = Duration.ofDays(3650);
    private static final Duration PRODUCER_EXPIRY = Duration.ofDays(1);
    private static final int INDEX_INTERVAL_BYTES = 4096;

    private final String object;
    private final FieldTable arguments;

    private StreamArguments(FieldTable arguments, String object) {
        this.object = object;
        this.arguments = arguments;
    }

    /**
     * Reads the arguments.
     *
     * @param object
     *            the queue as error texts name it
     * @throws BrokerException
     *             if an argument is invalid
     */
    public static LogOptions read(QueueDeclaration declaration, String object) {
        return new StreamArguments(declaration.arguments(), object).read();
    }

    private LogOptions read() {
        OptionalLong maxBytes = number(MAX_BYTES);
        OptionalLong maxAgeMs = maxAge();
        long segmentBytes = number(SEGMENT_BYTES).orElse(DEFAULT_SEGMENT_BYTES);
        if (segmentBytes > MAX_SEGMENT_BYTES) {
            throw refused("Exceeded max value for " + SEGMENT_BYTES);
        }
        OptionalLong filter = number(FILTER_BYTES);
        if (filter.isPresent() && (filter.getAsLong() < 16 || filter.getAsLong() > 255)) {
            throw refused("Invalid value for  " + FILTER_BYTES);
        }
        return new LogOptions(Durability.FSYNC,
                new ByteSize(Math.clamp(segmentBytes, SMALLEST_SEGMENT_BYTES,
                        LARGEST_SEGMENT_BYTES)),
                SEGMENT_AGE, INDEX_INTERVAL_BYTES, maxBytes, maxAgeMs, true,
                CompactionOptions.off(), PRODUCER_EXPIRY);
    }

    private OptionalLong maxAge() {
        Optional<FieldValue> value = arguments.get(MAX_AGE);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!(value.get() instanceof FieldValue.Text(String text))) {
            throw invalid(MAX_AGE, "{unacceptable_type," + value.get().typeName() + "}");
        }
        OptionalLong age = Age.milliseconds(text);
        if (age.isEmpty()) {
            throw invalid(MAX_AGE, "invalid_max_age");
        }
        return age;
    }

    private OptionalLong number(String argument) {
        Optional<FieldValue> value = arguments.get(argument);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        long number = value.get().number().orElseThrow(() -> invalid(argument,
                "\"expected integer, got " + value.get().typeName() + "\""));
        if (number < 0) {
            throw invalid(argument, "{value_negative," + number + "}");
        }
        return OptionalLong.of(number);
    }

    private BrokerException invalid(String argument, String why) {
        return refused("invalid arg '" + argument + "' for " + object + ": " + why);
    }

    private static BrokerException refused(String text) {
        return new BrokerException(BrokerError.PRECONDITION_FAILED, text);
    }
}
