package io.taffrail.log.local;

import io.taffrail.log.config.ByteSize;
import io.taffrail.log.config.Key;
import java.time.Duration;

/** Configuration of the local engine: use of disk and memory. */
public record LocalLogConfig(
        @Key(value = "journal.file.bytes", byDefault = "64 MiB", doc = "Size of one preallocated journal file.") ByteSize journalFileBytes,
        @Key(value = "journal.checkpoint.bytes", byDefault = "256 MiB", doc = "Bytes appended after which a checkpoint forces the segments and frees the journal. It bounds the bytes that a start replays, or reads with durability os.") ByteSize checkpointBytes,
        @Key(value = "journal.checkpoint.interval", byDefault = "1 minute", doc = "Interval at which a checkpoint is also made if records were appended since the last one.") Duration checkpointInterval,
        @Key(value = "journal.unforced.bytes", byDefault = "128 MiB", doc = "Maximum bytes that wait for the journal; further appends are refused until it has caught up.") ByteSize unforcedBytes,
        @Key(value = "log.open.files", byDefault = "8192", doc = "Maximum number of open segment files; beyond it the least recently used are closed. At most half of the process's limit (ulimit -n) beyond its own 128 files.") int openFiles,
        @Key(value = "log.cleaner.backoff", byDefault = "15 s", doc = "Interval at which logs are checked for compaction.") Duration cleanerBackoff,
        @Key(value = "log.cleaner.dedupe.buffer.size", byDefault = "128 MiB", doc = "Memory for the keys of one round of compaction; a log with more keys is cleaned in several rounds.") ByteSize dedupeBuffer,
        @Key(value = "log.scrub.interval", byDefault = "0 s", doc = "Pause between two background scrubs, which read all stored batches to find damage; 0: never. `taffrail log scrub` starts one at once.") Duration scrubInterval,
        @Key(value = "log.scrub.rate", byDefault = "16 MiB", doc = "Bytes that the background scrub reads per second.") ByteSize scrubRate) {

    public LocalLogConfig {
        if (scrubInterval.isNegative() || scrubRate.bytes() < 1) {
            throw new IllegalArgumentException(
                    "log.scrub.interval must be 0 or more, log.scrub.rate 1 or more");
        }
        if (openFiles < 1) {
            throw new IllegalArgumentException(
                    "log.open.files: Value must be at least 1, not " + openFiles);
        }
    }

    /** Creates a configuration without background scrub. */
    public LocalLogConfig(ByteSize journalFileBytes, ByteSize checkpointBytes,
            Duration checkpointInterval, ByteSize unforcedBytes, int openFiles,
            Duration cleanerBackoff, ByteSize dedupeBuffer) {
        this(journalFileBytes, checkpointBytes, checkpointInterval, unforcedBytes, openFiles,
                cleanerBackoff, dedupeBuffer, Duration.ZERO, ByteSize.mebibytes(16));
    }

    /** Returns a copy with another limit of open segment files. */
    public LocalLogConfig withOpenFiles(int files) {
        return new LocalLogConfig(journalFileBytes, checkpointBytes, checkpointInterval,
                unforcedBytes, files, cleanerBackoff, dedupeBuffer, scrubInterval, scrubRate);
    }

    /** The defaults. */
    public static LocalLogConfig defaults() {
        return new LocalLogConfig(ByteSize.mebibytes(64), ByteSize.mebibytes(256),
                Duration.ofMinutes(1),
                ByteSize.mebibytes(128), 8192, Duration.ofSeconds(15),
                ByteSize.mebibytes(128));
    }
}
