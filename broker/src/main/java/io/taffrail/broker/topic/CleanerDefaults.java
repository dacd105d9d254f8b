package io.taffrail.broker.topic;

import static io.taffrail.broker.topic.SettingRule.wholeInt;
import static io.taffrail.broker.topic.SettingRule.wholeLong;

import io.taffrail.log.CleanerSettings;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.config.Key;
import java.time.Duration;
import java.util.Map;

/**
 * The settings of compaction that the engine was started with, by Kafka's names and in Kafka's
 * units. All can be changed at run time.
 */
public record CleanerDefaults(
        @Key(value = CleanerDefaults.THREADS, byDefault = "1", doc = "Number of logs that are compacted at a time.") int threads,
        @Key(value = CleanerDefaults.RATE, byDefault = "1.7976931348623157E308", doc = "Bytes per second that compaction reads and writes at most, over all its threads.") double bytesPerSecond,
        @Key(value = CleanerDefaults.BACKOFF, byDefault = "15000", doc = "Interval at which logs are checked for compaction, in milliseconds.") long backoffMs,
        @Key(value = CleanerDefaults.BUFFER, byDefault = "134217728", doc = "Memory for the keys of compaction, shared equally by its threads, in bytes.") long dedupeBufferBytes) {

    static final String THREADS = "log.cleaner.threads";
    static final String RATE = "log.cleaner.io.max.bytes.per.second";
    static final String BACKOFF = "log.cleaner.backoff.ms";
    static final String BUFFER = "log.cleaner.dedupe.buffer.size";

    /** The rules of values set at run time. */
    static final Map<String, SettingRule> RULES = Map.of(
            THREADS, wholeInt(1, CleanerSettings.MOST_THREADS),
            RATE, CleanerDefaults::rate,
            BACKOFF, wholeLong(0),
            BUFFER, wholeLong(CleanerSettings.LEAST_BUFFER.bytes()));

    public static CleanerDefaults of(CleanerSettings started) {
        return new CleanerDefaults(started.threads(), started.bytesPerSecond(),
                started.backoff().toMillis(), started.dedupeBuffer().bytes());
    }

    /**
     * The settings in force with values set at run time.
     *
     * @throws InvalidSettingException
     *             if they are inconsistent
     */
    CleanerSettings with(TopicDefaults live) {
        try {
            return new CleanerSettings(
                    live.set(THREADS).map(Integer::parseInt).orElse(threads),
                    live.set(RATE).map(Double::parseDouble).orElse(bytesPerSecond),
                    Duration.ofMillis(live.set(BACKOFF).map(Long::parseLong)
                            .map(ms -> Math.max(ms, CleanerSettings.SHORTEST_BACKOFF.toMillis()))
                            .orElse(backoffMs)),
                    new ByteSize(live.set(BUFFER).map(Long::parseLong).orElse(dedupeBufferBytes)));
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingException(String.valueOf(e.getMessage()));
        }
    }

    private static void rate(String name, String value) {
        double rate;
        try {
            rate = Double.parseDouble(value.strip());
        } catch (NumberFormatException e) {
            throw InvalidSettingException.of(name, value, "Not a number of type DOUBLE");
        }
        if (!(rate > 0)) {
            throw InvalidSettingException.of(name, value, "Value must be above 0");
        }
    }
}
