package io.taffrail.log.local;

import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reserved disk space: a file of zeros that is deleted when a checkpoint or a start finds the disk
 * full, and created again when there is room. A checkpoint frees the journal, which records trims
 * and deletions, so all three make progress on a full disk. A crash may leave the file whole,
 * partial or absent; all are valid. Used by the engine's start, then by the checkpoint thread only.
 */
final class DiskReserve {

    private static final Logger LOG = LoggerFactory.getLogger(DiskReserve.class);
    /** The reserve is created only if it takes at most 1/64 of the usable bytes. */
    private static final int DISK_SHARE = 64;
    private static final int JOURNAL_SHARE = 4;
    private static final int CHUNK_BYTES = 64 << 10;

    private final Disk disk;
    private final Path dataDir;
    private final Path path;
    private final long wantedBytes;

    /**
     * @param journalFileBytes
     *            size of a journal file in bytes; the reserve is a quarter of it
     */
    DiskReserve(Disk disk, Path dataDir, long journalFileBytes) {
        this.disk = disk;
        this.dataDir = dataDir;
        this.path = dataDir.resolve("reserve");
        this.wantedBytes = journalFileBytes / JOURNAL_SHARE;
    }

    /** Deletes the reserve at a start with less usable space than its size. */
    void beforeStart() throws IOException {
        if (disk.usableBytes(dataDir) < wantedBytes && giveBack()) {
            LOG.warn("RSV-001 the disk is full: the start uses the reserve");
        }
    }

    /** Deletes the reserve; returns false if there was none. */
    boolean giveBack() throws IOException {
        if (!disk.exists(path)) {
            return false;
        }
        disk.delete(path);
        return true;
    }

    /** Creates the file if it is missing and the disk has ample room. */
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
