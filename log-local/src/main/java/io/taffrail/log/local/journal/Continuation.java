package io.taffrail.log.local.journal;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * That a journal file is full and another one follows it; in the header block, forced before the
 * other one's first group, so that the other one is missed when it is gone.
 *
 * @param file
 *            number of the file that follows
 * @param lastGroup
 *            the last group before it
 */
public record Continuation(long file, long lastGroup) {

    /** In a sector that nothing else is in. */
    private static final int AT = 512;
    private static final int MAGIC = 0x54464A43;

    void writeTo(ByteBuffer header) {
        header.putInt(AT, MAGIC).putLong(AT + 8, file).putLong(AT + 16, lastGroup);
        header.putInt(AT + 4, JournalLayout.crc(header, AT + 8, AT + 24));
    }

    /** What a whole header block says; empty if the file is not full, or of an older version. */
    static Optional<Continuation> of(ByteBuffer header) {
        return header.getInt(AT) == MAGIC
                && header.getInt(AT + 4) == JournalLayout.crc(header, AT + 8, AT + 24)
                        ? Optional.of(new Continuation(header.getLong(AT + 8),
                                header.getLong(AT + 16)))
                        : Optional.empty();
    }

    /**
     * Whether groups are missing when this is what the newest file says that is there. A checkpoint
     * that holds all of that file may have had the next one removed.
     *
     * @param newest
     *            number of that file
     */
    public boolean isMissed(long newest, long checkpointed) {
        return file > newest && checkpointed < lastGroup;
    }
}
