package io.taffrail.kafka.transactions;

import io.taffrail.log.config.Key;

/** Settings of transactions, under Kafka's names and with Kafka's defaults. */
public record TransactionSettings(
        @Key(value = "transaction.max.timeout.ms", byDefault = "900000", doc = "Maximum time-out of transactions that a producer may ask for, in milliseconds.") int maxTimeoutMs,
        @Key(value = "transactional.id.expiration.ms", byDefault = "604800000", doc = "Time after which an unused transactional id is removed, in milliseconds.") int expirationMs,
        @Key(value = "transaction.abort.timed.out.transaction.cleanup.interval.ms", byDefault = "10000", doc = "Interval at which transactions are checked for their time-out, in milliseconds.") int timeOutCheckMs,
        @Key(value = "transaction.remove.expired.transaction.cleanup.interval.ms", byDefault = "3600000", doc = "Interval at which unused transactional ids are removed, in milliseconds.") int expirationCheckMs,
        @Key(value = "transaction.state.log.num.partitions", byDefault = "50", doc = "Number of partitions of the topic that stores transactions; applied when the topic is created.") int partitions,
        @Key(value = "transaction.state.log.segment.bytes", byDefault = "104857600", doc = "Segment size of the topic that stores transactions, in bytes; applied when the topic is created.") int segmentBytes) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException
     *             if a value is not positive; the message names the setting
     */
    public TransactionSettings {
        positive("transaction.max.timeout.ms", maxTimeoutMs);
        positive("transactional.id.expiration.ms", expirationMs);
        positive("transaction.abort.timed.out.transaction.cleanup.interval.ms", timeOutCheckMs);
        positive("transaction.remove.expired.transaction.cleanup.interval.ms", expirationCheckMs);
        positive("transaction.state.log.num.partitions", partitions);
        positive("transaction.state.log.segment.bytes", segmentBytes);
    }

    private static void positive(String key, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(key + " must be above 0, not " + value);
        }
    }

    /** The default settings. */
    public static TransactionSettings defaults() {
        return new TransactionSettings(900_000, 604_800_000, 10_000, 3_600_000, 50, 104_857_600);
    }

    /** These settings with other intervals of the checks, in milliseconds. */
    public TransactionSettings withChecks(int newTimeOutCheckMs, int newExpirationCheckMs) {
        return new TransactionSettings(maxTimeoutMs, expirationMs, newTimeOutCheckMs,
                newExpirationCheckMs, partitions, segmentBytes);
    }

    /** These settings with another time after which unused ids are removed, in milliseconds. */
    public TransactionSettings withExpirationMs(int value) {
        return new TransactionSettings(maxTimeoutMs, value, timeOutCheckMs, expirationCheckMs,
                partitions, segmentBytes);
    }

    /** These settings with another number of partitions. */
    public TransactionSettings withPartitions(int value) {
        return new TransactionSettings(maxTimeoutMs, expirationMs, timeOutCheckMs,
                expirationCheckMs, value, segmentBytes);
    }
}
