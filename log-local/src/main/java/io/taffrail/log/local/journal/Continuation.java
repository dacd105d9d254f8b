package io.taffrail.log.local.journal;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A mark in the header block of a full journal file that another file follows. It is forced before
 * the first group of the next file, so that a missing next file is detected.
 *
 * @param file
 *            number of the next file
 * @param lastGroup
 *            last group before it
 */
public record Continuation(long file, long lastGroup) {

    /** Position of the mark, in a disk sector of its own. */
    private static final int AT = 512;
    private static final int MAGIC = 0x54464A43;

    void writeTo(ByteBuffer header) {
        header.putInt(AT, MAGIC).putLong(AT + 8, file).putLong(AT + 16, lastGroup);
        header.putInt(AT + 4, JournalLayout.crc(header, AT + 8, AT + 24));
    }

    /**
     * Reads the mark from a header block; empty if the file is not full or was written by
     * an older version.
     */
    static Optional<Continuation> of(ByteBuffer header) {
        return header.getInt(AT) == MAGIC
                && header.getInt(AT + 4) == JournalLayout.crc(header, AT + 8, AT + 24)
                        ? Optional.of(new Continuation(header.getLong(AT + 8),
                                header.getLong(AT + 16)))
                        : Optional.empty();
    }

    /**
     * True if the newest existing file has this mark and groups are missing behind it. A checkpoint
     * that covers the whole file may have had the next file removed.
     *
     * @param newest
     *            number of the newest existing file
     * @param checkpointed
     *            group of the checkpoint
     */
    public boolean isMissed(long newest, long checkpointed) {
        return file > newest && checkpointed < lastGroup;
    }
}
