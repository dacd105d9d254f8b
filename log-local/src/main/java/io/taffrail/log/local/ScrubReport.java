package io.taffrail.log.local;

import io.taffrail.log.LogId;
import java.nio.file.Path;

/** A receiver of the results of a scrub, called on the thread that scrubs. */
public interface ScrubReport {

    /** Numbers of items verified so far. */
    record Progress(long segments, long batches, long bytes, long damages) {}

    /** Reports a damaged batch at {@code position}, in bytes. */
    void damage(LogId log, Path segment, long position, String text);

    /** Reports progress after each chunk, which is 1 MiB or one larger batch. */
    void progress(Progress progress);

    /** False to end the scrub. */
    boolean isWanted();
}
