package io.taffrail.log.local;

import io.taffrail.log.CleanerSettings;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.config.Key;
import java.time.Duration;

/** Configuration of the local engine: use of disk and memory. */
public record LocalLogConfig(
        @Key(value = "journal.file.bytes", byDefault = "64 MiB", doc = "Size of one preallocated journal file, 16 KiB to 4 GiB.") ByteSize journalFileBytes,
        @Key(value = "journal.checkpoint.bytes", byDefault = "256 MiB", doc = "Bytes appended after which a checkpoint forces the segments and frees the journal. It bounds the bytes that a start replays, or reads with durability os. 2 KiB to 1 TiB.") ByteSize checkpointBytes,
        @Key(value = "journal.checkpoint.interval", byDefault = "1 minute", doc = "Interval at which a checkpoint is also made if records were appended since the last one, 10 ms to 366 days.") Duration checkpointInterval,
        @Key(value = "journal.unforced.bytes", byDefault = "128 MiB", doc = "Maximum bytes that wait for the journal; further appends are refused until it has caught up. 8 KiB to 1 GiB.") ByteSize unforcedBytes,
        @Key(value = "log.open.files", byDefault = "8192", doc = "Maximum number of open segment files; beyond it the least recently used are closed. At most half of the process's limit (ulimit -n) beyond its own 128 files.") int openFiles,
        @Key(value = "log.cleaner.threads", byDefault = "1", doc = "Number of logs that are compacted at a time, 1 to 64.") int cleanerThreads,
        @Key(value = "log.cleaner.io.max.bytes.per.second", byDefault = "1.7976931348623157E308", doc = "Bytes per second that compaction reads and writes at most, over all its threads.") double cleanerBytesPerSecond,
        @Key(value = "log.cleaner.backoff", byDefault = "15 s", doc = "Interval at which logs are checked for compaction, 10 ms to 366 days.") Duration cleanerBackoff,
        @Key(value = "log.cleaner.dedupe.buffer.size", byDefault = "128 MiB", doc = "Memory for the keys of compaction, shared equally by its threads; a log with more keys is cleaned in several rounds. 64 B for each thread to 1 TiB.") ByteSize dedupeBuffer,
        @Key(value = "log.scrub.interval", byDefault = "0 s", doc = "Pause between two background scrubs, which read all stored batches to find damage; 0: never. `taffrail log scrub` starts one at once.") Duration scrubInterval,
        @Key(value = "log.scrub.rate", byDefault = "16 MiB", doc = "Bytes that the background scrub reads per second, 1 KiB to 1 TiB.") ByteSize scrubRate) {

    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final ByteSize GIBIBYTE = ByteSize.mebibytes(1024);
    private static final ByteSize TEBIBYTE = ByteSize.mebibytes(1 << 20);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException
     *             if one is out of bounds; the message names the setting
     */
    public LocalLogConfig {
        within("journal.file.bytes", journalFileBytes, new ByteSize(16 << 10),
                ByteSize.mebibytes(4096));
        within("journal.checkpoint.bytes", checkpointBytes, new ByteSize(2 << 10), TEBIBYTE);
        within("journal.checkpoint.interval", checkpointInterval, SHORTEST, LONGEST);
        // A group of the journal is one buffer, of at most 2 GiB.
        within("journal.unforced.bytes", unforcedBytes, new ByteSize(8 << 10), GIBIBYTE);
        within("log.open.files", openFiles, 1, Integer.MAX_VALUE);
        var _ = new CleanerSettings(cleanerThreads, cleanerBytesPerSecond, cleanerBackoff,
                dedupeBuffer);
        within("log.scrub.interval", scrubInterval, Duration.ZERO, LONGEST);
        within("log.scrub.rate", scrubRate, new ByteSize(1 << 10), TEBIBYTE);
    }

    private static <T extends Comparable<T>> void within(String name, T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException("%s: Value must be %s to %s, not %s".formatted(name,
                    text(least), text(most), text(value)));
        }
    }

    private static String text(Object value) {
        return value instanceof Duration time && time.compareTo(LONGEST) <= 0
                ? time.toMillis() + " ms"
                : value.toString();
    }

    /** Creates a configuration without background scrub. */
    public LocalLogConfig(ByteSize journalFileBytes, ByteSize checkpointBytes,
            Duration checkpointInterval, ByteSize unforcedBytes, int openFiles,
            Duration cleanerBackoff, ByteSize dedupeBuffer) {
        this(journalFileBytes, checkpointBytes, checkpointInterval, unforcedBytes, openFiles,
                1, Double.MAX_VALUE, cleanerBackoff, dedupeBuffer, Duration.ZERO,
                ByteSize.mebibytes(16));
    }

    /** Settings of compaction, which can change while the engine runs. */
    public CleanerSettings cleaner() {
        return new CleanerSettings(cleanerThreads, cleanerBytesPerSecond, cleanerBackoff,
                dedupeBuffer);
    }

    /** Returns a copy with other settings of compaction. */
    public LocalLogConfig withCleaner(CleanerSettings cleaner) {
        return new LocalLogConfig(journalFileBytes, checkpointBytes, checkpointInterval,
                unforcedBytes, openFiles, cleaner.threads(), cleaner.bytesPerSecond(),
                cleaner.backoff(), cleaner.dedupeBuffer(), scrubInterval, scrubRate);
    }

    /** Returns a copy with another limit of open segment files. */
    public LocalLogConfig withOpenFiles(int files) {
        return new LocalLogConfig(journalFileBytes, checkpointBytes, checkpointInterval,
                unforcedBytes, files, cleanerThreads, cleanerBytesPerSecond, cleanerBackoff,
                dedupeBuffer, scrubInterval, scrubRate);
    }

    /** The defaults. */
    public static LocalLogConfig defaults() {
        return new LocalLogConfig(ByteSize.mebibytes(64), ByteSize.mebibytes(256),
                Duration.ofMinutes(1),
                ByteSize.mebibytes(128), 8192, Duration.ofSeconds(15),
                ByteSize.mebibytes(128));
    }
}
