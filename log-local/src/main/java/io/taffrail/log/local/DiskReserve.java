package io.taffrail.log.local;

import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Room on the disk that nobody else may use: a file of zeros, given back when a checkpoint, or a
 * start, finds the disk full, and made again when there is room. A checkpoint frees the journal, in
 * which a trim or a deletion is recorded, so all three get on although the disk is full. A crash
 * leaves the file, a part of it, or nothing; each will do. The engine's start, then the
 * checkpoint's
 * thread.
 */
final class DiskReserve {

    private static final Logger LOG = LoggerFactory.getLogger(DiskReserve.class);
    /** The reserve is no more than this part of what the disk has left. */
    private static final int DISK_SHARE = 64;
    private static final int JOURNAL_SHARE = 4;
    private static final int CHUNK_BYTES = 64 << 10;

    private final Disk disk;
    private final Path dataDir;
    private final Path path;
    private final long wantedBytes;

    /**
     * @param journalFileBytes
     *            size of a journal file: the reserve is a quarter of it
     */
    DiskReserve(Disk disk, Path dataDir, long journalFileBytes) {
        this.disk = disk;
        this.dataDir = dataDir;
        this.path = dataDir.resolve("reserve");
        this.wantedBytes = journalFileBytes / JOURNAL_SHARE;
    }

    /** Gives the room back at a start that has next to none. */
    void beforeStart() throws IOException {
        if (disk.usableBytes(dataDir) < wantedBytes && giveBack()) {
            LOG.warn("RSV-001 the disk is full: the start uses the reserve");
        }
    }

    /** Gives the room back; false if there was none. */
    boolean giveBack() throws IOException {
        if (!disk.exists(path)) {
            return false;
        }
        disk.delete(path);
        return true;
    }

    /** Makes the file where it is missing and the disk has room for more than it. */
    void restore() {
        try {
            if (!disk.exists(path) && disk.usableBytes(dataDir) / DISK_SHARE >= wantedBytes) {
                make();
            }
        } catch (IOException e) {
            LOG.warn("RSV-002 no room is reserved on the disk: {}", e.toString());
        }
    }

    private void make() throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, wantedBytes));
        try (DiskFile file = disk.openOrCreate(path)) {
            for (long at = 0; at < wantedBytes; at += zeros.capacity()) {
                file.write(zeros.clear().limit(
                        (int) Math.min(zeros.capacity(), wantedBytes - at)), at);
            }
            file.force(true);
        } catch (IOException e) {
            disk.delete(path);
            throw e;
        }
    }
}
