package io.taffrail.log.local;

import io.taffrail.log.LogId;
import java.nio.file.Path;

/** Hears how a scrub goes; called on the thread that scrubs. */
public interface ScrubReport {

    /** What was read so far. */
    record Progress(long segments, long batches, long bytes, long damages) {}

    /** A batch is not as it was written. */
    void damage(LogId log, Path segment, long position, String text);

    /** Told after each chunk, of 1 MiB or one batch. */
    void progress(Progress progress);

    /** Whether to go on. */
    boolean isWanted();
}
