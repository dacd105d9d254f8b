package io.taffrail.log.local.journal;

import io.taffrail.log.Durability;
import io.taffrail.log.local.segment.SegmentInfo;
import java.nio.ByteBuffer;
import java.util.List;

/** One entry of a journal file; {@link JournalLayout} gives the layout. */
public sealed interface JournalEntry {

    /** Id of the log that the entry concerns; empty for a barrier. */
    String log();

    /** A batch of a segment; the buffer is valid during the visit. */
    record Append(String log, long segmentBase, int position,
            ByteBuffer batch) implements JournalEntry {}

    record Open(String log, Durability durability) implements JournalEntry {}

    record Trim(String log, long startOffset) implements JournalEntry {}

    record Delete(String log) implements JournalEntry {}

    record Barrier(String log) implements JournalEntry {}

    record Replace(String log, long cleanedTo, long from, long to,
            List<SegmentInfo> segments) implements JournalEntry {}
}
