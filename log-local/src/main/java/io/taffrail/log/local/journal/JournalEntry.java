package io.taffrail.log.local.journal;

import io.taffrail.log.Durability;
import io.taffrail.log.local.segment.SegmentInfo;
import java.nio.ByteBuffer;
import java.util.List;

/** One entry of the journal as it lies in a file; the layout is {@link JournalLayout}'s. */
public sealed interface JournalEntry {

    /** The log it is about; empty for a barrier. */
    String log();

    /** A batch for a segment; its buffer is valid during the visit. */
    record Append(String log, long segmentBase, int position,
            ByteBuffer batch) implements JournalEntry {}

    record Open(String log, Durability durability) implements JournalEntry {}

    record Trim(String log, long startOffset) implements JournalEntry {}

    record Delete(String log) implements JournalEntry {}

    record Barrier(String log) implements JournalEntry {}

    record Replace(String log, long cleanedTo, long from, long to,
            List<SegmentInfo> segments) implements JournalEntry {}
}
