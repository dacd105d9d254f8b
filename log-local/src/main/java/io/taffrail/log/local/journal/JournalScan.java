package io.taffrail.log.local.journal;

import io.taffrail.log.Durability;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.disk.DiskFile;
import io.taffrail.log.local.segment.SegmentInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The result of reading the journal.
 *
 * @param files
 *            files with groups that are not released, oldest first
 * @param lastGroup
 *            number of the last whole group, or of the checkpoint's group if none follows it
 * @param last
 *            location of the last group behind the checkpoint
 */
public record JournalScan(List<Scanned> files, long lastGroup, Optional<Place> last) {

    /** True if no group follows the checkpoint. */
    public boolean isEmpty() {
        return files.isEmpty();
    }

    /**
     * Writes and forces the last group again before its records become readable. A killed process
     * may have left the group in the page cache only, and after a failed force the cache no longer
     * writes it by itself. Earlier groups were forced before the last one was begun.
     */
    public void forceLast(Disk disk) throws IOException {
        if (last.isPresent()) {
            Place place = last.get();
            try (DiskFile file = disk.open(place.path)) {
                ByteBuffer bytes = ByteBuffer.allocate(place.length);
                file.read(bytes, place.position);
                file.write(bytes.flip(), place.position);
                file.force(false);
            }
        }
    }

    /** Location of a group, in bytes. */
    record Place(Path path, long position, int length) {}

    /** A file of an earlier run with the number of its last group. */
    record Scanned(long number, Path path, long lastGroup) {}

    /**
     * A receiver of the entries after a checkpoint, called in order. Buffers are valid
     * during the call.
     */
    public interface Replay {

        /** A batch at {@code position}, in bytes, of the segment with this base offset. */
        void append(String id, long segmentBase, int position, ByteBuffer batch) throws IOException;

        /** A log exists with this durability from here on. */
        void open(String id, Durability durability) throws IOException;

        /** A log begins at this offset. */
        void trim(String id, long startOffset) throws IOException;

        /** A log was deleted; its id is never used again. */
        void delete(String id) throws IOException;

        /** The segments beginning in {@code [from, to)} were replaced by {@code infos}. */
        void replace(String id, long cleanedTo, long from, long to, List<SegmentInfo> infos)
                throws IOException;
    }

    /**
     * Reads every group after {@code afterGroup} in order and replays its entries. Deletes files
     * that were never begun.
     *
     * @throws LogFailedException
     *             if later groups follow a damaged one, if a file is missing, or if a file belongs
     *             to another directory
     */
    public static JournalScan read(Disk disk, Path folder, UUID directory, long afterGroup,
            Replay replay) throws IOException {
        List<Opened> opened = new ArrayList<>();
        try {
            for (String name : disk.list(folder)) {
                if (name.endsWith(".journal")) {
                    openHeader(disk, folder.resolve(name), directory, afterGroup, opened);
                }
            }
            opened.sort(Comparator.comparingLong(Opened::number));
            return readAll(opened, afterGroup, replay);
        } finally {
            for (Opened file : opened) {
                file.file.close();
            }
        }
    }

    private record Opened(long number, Path path, DiskFile file, long sizeBytes,
            Optional<Continuation> continuation) {}

    /** Opens a file with a valid header; a file without one was never begun and is deleted. */
    private static void openHeader(Disk disk, Path path, UUID directory, long afterGroup,
            List<Opened> opened) throws IOException {
        DiskFile file = disk.open(path);
        ByteBuffer header = ByteBuffer.allocate(JournalLayout.BLOCK);
        int read = file.read(header, 0);
        boolean begun = read == JournalLayout.BLOCK && header.getLong(0) == JournalLayout.FILE_MAGIC
                && header.getInt(8) == JournalLayout.crc(header, 12, 40);
        if (!begun) {
            boolean used = holdsLater(file, afterGroup);
            file.close();
            if (used) {
                throw new LogFailedException(path + " is damaged at 0: the header is wrong, but"
                        + " groups follow it; acknowledged records may be in them, restore the file");
            }
            disk.delete(path);
            return;
        }
        if (header.getInt(12) != JournalLayout.VERSION) {
            file.close();
            throw new LogFailedException(
                    path + " has journal version " + header.getInt(12) + ", this broker reads "
                            + JournalLayout.VERSION);
        }
        if (!directory.equals(new UUID(header.getLong(24), header.getLong(32)))) {
            file.close();
            throw new LogFailedException(path + " belongs to another data directory; move it away");
        }
        opened.add(new Opened(header.getLong(16), path, file, file.size(),
                Continuation.of(header)));
    }

    /**
     * True if a file without a valid header contains groups behind the checkpoint. The header is
     * forced before the first group and stays as long as the file has groups, so such a file is
     * damaged. Groups up to the checkpoint do not count: the file was free for reuse.
     */
    private static boolean holdsLater(DiskFile file, long afterGroup) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(JournalLayout.GROUP_HEADER);
        for (long at = JournalLayout.BLOCK; file.read(start.clear(),
                at) == JournalLayout.GROUP_HEADER; at += JournalLayout.BLOCK) {
            if (start.getInt(0) == JournalLayout.GROUP_MAGIC && start.getLong(16) > afterGroup) {
                return true;
            }
        }
        return false;
    }

    private static JournalScan readAll(List<Opened> opened, long afterGroup, Replay replay)
            throws IOException {
        if (!opened.isEmpty()) {
            requireNext(opened.getLast(), afterGroup);
        }
        List<Scanned> files = new ArrayList<>();
        Reader reader = new Reader(afterGroup, replay);
        for (Opened file : opened) {
            files.add(new Scanned(file.number, file.path, reader.readFile(file)));
        }
        return new JournalScan(List.copyOf(files), reader.lastGroup, reader.last);
    }

    private static void requireNext(Opened newest, long afterGroup) {
        if (newest.continuation.filter(it -> it.isMissed(newest.number, afterGroup)).isPresent()) {
            throw new LogFailedException(("the journal file that follows %s is missing;"
                    + " acknowledged records may be in it, restore it or the directory")
                    .formatted(newest.path));
        }
    }

    /** A reader of groups across file boundaries. */
    private static final class Reader {

        private final Replay replay;
        private final long afterGroup;
        private long lastGroup;
        private String stoppedAt = "";
        private Optional<Place> last = Optional.empty();
        private ByteBuffer group = ByteBuffer.allocateDirect(1 << 20);

        Reader(long afterGroup, Replay replay) {
            this.afterGroup = afterGroup;
            this.lastGroup = afterGroup;
            this.replay = replay;
        }

        /** Replays one file; returns the number of its last group. */
        long readFile(Opened file) throws IOException {
            long position = JournalLayout.BLOCK;
            long lastInFile = 0;
            while (position < file.sizeBytes && readGroup(file, position)) {
                long sequence = group.getLong(16);
                if (sequence > afterGroup) {
                    if (sequence != lastGroup + 1) {
                        throw new LogFailedException(
                                "%s at %d: journal group %d where %d was expected; groups are missing"
                                        .formatted(file.path, position, sequence, lastGroup + 1));
                    }
                    replayGroup();
                    lastGroup = sequence;
                    last = Optional.of(new Place(file.path, position,
                            JournalLayout.GROUP_HEADER + group.getInt(8)));
                }
                lastInFile = sequence;
                position += JournalLayout.roundUp(JournalLayout.GROUP_HEADER + group.getInt(8));
            }
            stoppedAt = file.path + " at " + position;
            refuseIfLater(file, position);
            return Math.max(lastInFile, lastGroup);
        }

        private boolean readGroup(Opened file, long position) throws IOException {
            group.clear().limit(JournalLayout.GROUP_HEADER);
            if (file.file.read(group, position) < JournalLayout.GROUP_HEADER
                    || group.getInt(0) != JournalLayout.GROUP_MAGIC
                    || group.getLong(24) != file.number) {
                return false;
            }
            int length = group.getInt(8);
            if (length < 0 || length > file.sizeBytes - position - JournalLayout.GROUP_HEADER) {
                return false;
            }
            int total = JournalLayout.GROUP_HEADER + length;
            if (group.capacity() < total) {
                group = ByteBuffer.allocateDirect((int) JournalLayout.roundUp(total));
            }
            group.clear().limit(total);
            return file.file.read(group, position) == total
                    && group.getInt(4) == JournalLayout.crc(group, 8, total);
        }

        /**
         * Fails if a whole group follows the torn one: a torn write leaves none behind it, so the
         * file is damaged.
         */
        private void refuseIfLater(Opened file, long stoppedPosition) throws IOException {
            for (long at = stoppedPosition
                    + JournalLayout.BLOCK; at < file.sizeBytes; at += JournalLayout.BLOCK) {
                if (readGroup(file, at) && group.getLong(16) > lastGroup) {
                    throw damaged();
                }
            }
        }

        private LogFailedException damaged() {
            return new LogFailedException("journal damaged: " + stoppedAt + " (group "
                    + (lastGroup + 1)
                    + ") is not readable but later groups are; acknowledged records may be lost, restore the file or the directory");
        }

        private void replayGroup() throws IOException {
            int count = group.getInt(12);
            group.position(JournalLayout.GROUP_HEADER);
            for (int i = 0; i < count; i++) {
                byte kind = group.get();
                byte[] id = new byte[group.getShort()];
                group.get(id);
                replayEntry(kind, new String(id, StandardCharsets.US_ASCII));
            }
        }

        private void replayReplace(String id, byte kind) throws IOException {
            long cleanedTo = group.getLong();
            long from = group.getLong();
            long to = group.getLong();
            replay.replace(id, cleanedTo, from, to, JournalLayout.segments(group, kind));
        }

        private void replayEntry(byte kind, String id) throws IOException {
            switch (kind) {
                case JournalLayout.APPEND -> {
                    long segmentBase = group.getLong();
                    int position = group.getInt();
                    int length = group.getInt();
                    int start = group.position();
                    replay.append(id, segmentBase, position, group.slice(start, length));
                    group.position(start + length);
                }
                case JournalLayout.OPEN -> replay.open(id, JournalLayout.durability(group.get()));
                case JournalLayout.TRIM -> replay.trim(id, group.getLong());
                case JournalLayout.DELETE -> replay.delete(id);
                case JournalLayout.REPLACE, JournalLayout.OLD_REPLACE -> replayReplace(id, kind);
                case JournalLayout.BARRIER -> {
                }
                default -> throw new LogFailedException(
                        "journal entry of unknown kind " + kind + " at " + stoppedAt);
            }
        }
    }
}
