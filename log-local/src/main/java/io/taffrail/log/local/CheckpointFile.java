package io.taffrail.log.local;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.disk.DiskFile;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The checkpoint file: the state of every log as of a journal group. Replaced as a whole by
 * renaming, so a crash leaves the old or the new file.
 *
 * <pre>
 * magic int64 "TAFCKPT1" | crc32c int32 of all after it | version int32 | directory id 16 bytes
 * | group int64 | clean int8 (1: written by a clean stop) | logs int32
 * | each log: {@link LogCapture}
 * </pre>
 */
final class CheckpointFile {

    private static final long MAGIC = 0x544146434B505431L;
    private static final int VERSION = 2;
    private static final int OLDEST_VERSION = 1;
    private static final int CLEAN_AT = 8 + 4 + 4 + 16 + 8;
    private static final int HEADER_BYTES = 8 + 4 + 4 + 16 + 8 + 1 + 4;

    private final Disk disk;
    private final Path dataDir;
    private final Path path;
    private final UUID directory;
    private long group;

    /**
     * The content of the file: the logs as of {@code group}. If {@code clean},
     * no segment needs a scan.
     */
    record Content(long group, boolean clean, Map<LogId, StoredLog> logs) {}

    CheckpointFile(Disk disk, Path dataDir, UUID directory) {
        this.disk = disk;
        this.dataDir = dataDir;
        this.path = dataDir.resolve("checkpoint");
        this.directory = directory;
    }

    boolean exists() {
        return disk.exists(path);
    }

    /** The group that the file records. */
    long group() {
        return group;
    }

    void write(long group, boolean clean, Collection<ByteBuffer> logs) throws IOException {
        int size = HEADER_BYTES + logs.stream().mapToInt(ByteBuffer::remaining).sum();
        ByteBuffer out = ByteBuffer.allocate(size);
        out.putLong(MAGIC).putInt(0).putInt(VERSION);
        out.putLong(directory.getMostSignificantBits())
                .putLong(directory.getLeastSignificantBits());
        out.putLong(group).put((byte) (clean ? 1 : 0)).putInt(logs.size());
        logs.forEach(it -> out.put(it.duplicate()));
        out.putInt(8, crc(out, size)).flip();
        replace(out);
        this.group = group;
    }

    /**
     * Clears the clean flag: from now on a missing journal is an error. Called when the journal
     * has been created.
     */
    void begun() throws IOException {
        ByteBuffer bytes = bytes();
        if (bytes.get(CLEAN_AT) != 0) {
            bytes.put(CLEAN_AT, (byte) 0).putInt(8, crc(bytes, bytes.limit()));
            replace(bytes);
        }
    }

    private void replace(ByteBuffer out) throws IOException {
        int size = out.remaining();
        Path next = path.resolveSibling("checkpoint.new");
        try (DiskFile file = disk.openOrCreate(next)) {
            file.write(out, 0);
            file.truncate(size);
            file.force(true);
        }
        disk.rename(next, path);
        disk.forceDirectory(dataDir);
    }

    Content read(StoredLogs logs) throws IOException {
        ByteBuffer in = bytes();
        int size = in.remaining();
        if (size < HEADER_BYTES || in.getLong(0) != MAGIC || in.getInt(8) != crc(in, size)) {
            throw new LogFailedException(path + " is damaged (" + size
                    + " bytes, checksum or magic wrong); restore it from a backup");
        }
        int version = in.getInt(12);
        if (version < OLDEST_VERSION || version > VERSION) {
            throw new LogFailedException(
                    path + " has version " + version + ", this broker reads " + VERSION);
        }
        if (!directory.equals(new UUID(in.getLong(16), in.getLong(24)))) {
            throw new LogFailedException(
                    path + " belongs to another data directory; restore this one's");
        }
        in.position(32);
        long group = in.getLong();
        this.group = group;
        boolean clean = in.get() == 1;
        int count = in.getInt();
        Map<LogId, StoredLog> found = LinkedHashMap.newLinkedHashMap(count);
        for (int i = 0; i < count; i++) {
            int at = in.position();
            try {
                StoredLog log = LogCapture.decode(in, logs, version == OLDEST_VERSION);
                found.put(log.id(), log);
            } catch (BufferUnderflowException | IndexOutOfBoundsException
                    | NegativeArraySizeException | IllegalArgumentException e) {
                // The checksum matches, so a different broker version wrote the file.
                throw new LogFailedException("%s at %d: log %d of %d cannot be read: %s"
                        .formatted(path, at, i + 1, count, e), e);
            }
        }
        return new Content(group, clean, found);
    }

    private ByteBuffer bytes() throws IOException {
        try (DiskFile file = disk.open(path)) {
            long size = file.size();
            if (size > Math.min(Integer.MAX_VALUE - 8, Runtime.getRuntime().maxMemory() / 2)) {
                throw new LogFailedException(path + " is damaged, or too large for the memory of"
                        + " this process (" + size + " bytes); restore it from a backup, or give"
                        + " the JVM a larger heap");
            }
            ByteBuffer in = ByteBuffer.allocate((int) size);
            file.read(in, 0);
            return in.flip();
        }
    }

    private static int crc(ByteBuffer buffer, int size) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.duplicate().limit(size).position(12));
        return (int) crc.getValue();
    }
}
