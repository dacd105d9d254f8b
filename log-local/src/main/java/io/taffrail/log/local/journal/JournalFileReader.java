package io.taffrail.log.local.journal;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.disk.DiskFile;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** A sequential reader of one journal file, for tools. Not thread-safe. */
public final class JournalFileReader implements AutoCloseable {

    /**
     * The header of a file.
     *
     * @param number
     *            number of the file; later files have higher numbers
     * @param continuation
     *            mark that the file is full and another one follows
     */
    public record Header(long number, int version, UUID directory,
            Optional<Continuation> continuation) {}

    /** A whole group; {@code bytes} is the size of header and entries. */
    public record Group(long position, long number, int entries, int bytes) {}

    /**
     * The end of a file.
     *
     * @param position
     *            position behind the last whole group
     * @param torn
     *            true if an incomplete group begins there
     * @param laterGroup
     *            position of a whole group behind it, which a torn write cannot leave; -1 if none
     */
    public record End(long position, boolean torn, long laterGroup) {}

    /** A receiver of groups and entries, called in order. */
    public interface Visitor {

        void group(Group group);

        /** Receives an entry; {@code position} is its position in the file, in bytes. */
        void entry(Group group, long position, JournalEntry entry) throws IOException;
    }

    private final Path path;
    private final DiskFile file;
    private final long sizeBytes;
    private ByteBuffer group = ByteBuffer.allocate(1 << 20);

    /** Opens a journal file; {@link #close} closes it. */
    public JournalFileReader(Disk disk, Path path) throws IOException {
        this.path = path;
        this.file = disk.open(path);
        this.sizeBytes = file.size();
    }

    /** Size of the file in bytes. */
    public long sizeBytes() {
        return sizeBytes;
    }

    /** Returns the header; empty if the file was never begun or its header is damaged. */
    public Optional<Header> header() throws IOException {
        ByteBuffer header = ByteBuffer.allocate(JournalLayout.BLOCK);
        boolean begun = file.read(header, 0) == JournalLayout.BLOCK
                && header.getLong(0) == JournalLayout.FILE_MAGIC
                && header.getInt(8) == JournalLayout.crc(header, 12, 40);
        return begun
                ? Optional.of(new Header(header.getLong(16), header.getInt(12),
                        new UUID(header.getLong(24), header.getLong(32)),
                        Continuation.of(header)))
                : Optional.empty();
    }

    /** True if the bytes of the header are all zero, as in a spare file. */
    public boolean isBlank() throws IOException {
        ByteBuffer header = ByteBuffer.allocate(40);
        file.read(header, 0);
        for (int i = 0; i < header.position(); i++) {
            if (header.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Visits the contiguous groups from the beginning of the file.
     *
     * @throws LogFailedException
     *             if an entry is malformed
     */
    public End read(long number, Visitor visitor) throws IOException {
        long position = JournalLayout.BLOCK;
        long last = -1;
        while (isWhole(number, position)) {
            Group found = new Group(position, group.getLong(16), group.getInt(12), group.limit());
            visitor.group(found);
            visitEntries(found, visitor);
            last = found.number;
            position += JournalLayout.roundUp(found.bytes);
        }
        boolean begun = hasMagic(number, position);
        return new End(position, begun, laterGroup(number, position, last));
    }

    private long laterGroup(long number, long stopped, long last) throws IOException {
        for (long at = stopped + JournalLayout.BLOCK; at < sizeBytes; at += JournalLayout.BLOCK) {
            if (isWhole(number, at) && group.getLong(16) > last) {
                return at;
            }
        }
        return -1;
    }

    private boolean hasMagic(long number, long position) throws IOException {
        group.clear().limit(JournalLayout.GROUP_HEADER);
        return file.read(group, position) == JournalLayout.GROUP_HEADER
                && group.getInt(0) == JournalLayout.GROUP_MAGIC && group.getLong(24) == number;
    }

    private boolean isWhole(long number, long position) throws IOException {
        if (!hasMagic(number, position)) {
            return false;
        }
        int length = group.getInt(8);
        if (length < 0 || length > sizeBytes - position - JournalLayout.GROUP_HEADER) {
            return false;
        }
        int total = JournalLayout.GROUP_HEADER + length;
        if (group.capacity() < total) {
            group = ByteBuffer.allocate((int) JournalLayout.roundUp(total));
        }
        group.clear().limit(total);
        return file.read(group, position) == total
                && group.getInt(4) == JournalLayout.crc(group, 8, total);
    }

    private void visitEntries(Group in, Visitor visitor) throws IOException {
        group.position(JournalLayout.GROUP_HEADER);
        for (int i = 0; i < in.entries; i++) {
            long position = in.position + group.position();
            try {
                visitor.entry(in, position, entry());
            } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
                throw new LogFailedException("%s at %d: the entry goes beyond its group"
                        .formatted(path, position), e);
            }
        }
    }

    private JournalEntry entry() {
        byte kind = group.get();
        byte[] id = new byte[group.getShort()];
        group.get(id);
        String log = new String(id, StandardCharsets.US_ASCII);
        return switch (kind) {
            case JournalLayout.APPEND -> {
                long base = group.getLong();
                int position = group.getInt();
                int length = group.getInt();
                ByteBuffer batch = group.slice(group.position(), length);
                group.position(group.position() + length);
                yield new JournalEntry.Append(log, base, position, batch);
            }
            case JournalLayout.OPEN ->
                new JournalEntry.Open(log, JournalLayout.durability(group.get()));
            case JournalLayout.TRIM -> new JournalEntry.Trim(log, group.getLong());
            case JournalLayout.DELETE -> new JournalEntry.Delete(log);
            case JournalLayout.BARRIER -> new JournalEntry.Barrier(log);
            case JournalLayout.REPLACE, JournalLayout.OLD_REPLACE -> replace(log, kind);
            default -> throw new LogFailedException(
                    path + " has an entry of unknown kind " + kind);
        };
    }

    private JournalEntry replace(String log, byte kind) {
        long cleanedTo = group.getLong();
        long from = group.getLong();
        long to = group.getLong();
        return new JournalEntry.Replace(log, cleanedTo, from, to,
                JournalLayout.segments(group, kind));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
