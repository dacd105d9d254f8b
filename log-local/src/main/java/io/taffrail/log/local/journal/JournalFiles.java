package io.taffrail.log.local.journal;

import io.taffrail.log.guard.FailStop;
import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of the journal: the current one, full ones that may still be needed, and spare ones.
 * Files are filled with zeros once and then recycled, because forcing a write into an existing
 * block changes no metadata.
 */
final class JournalFiles {

    /** Size of the first file; small, so that an empty directory is ready quickly. */
    private static final long FIRST_FILE_BYTES = 8L << 20;
    /**
     * A file takes at most 1/64 of the usable bytes, so that the journal does not
     * fill a small disk.
     */
    private static final int DISK_SHARE = 64;
    private static final int SPARES = 2;
    private static final int ZEROS_BYTES = 1 << 20;
    private static final int SPARES_KEPT = 6;
    private static final Logger LOG = LoggerFactory.getLogger(JournalFiles.class);

    private record Slot(long number, Path path, DiskFile file, long sizeBytes) {}

    private record Full(Slot slot, long lastGroup) {}

    private final Disk disk;
    private final Path folder;
    private final UUID directory;
    private final long fileBytes;
    private final Executor background;
    /** Content of new files; allocated once, so that no later allocation can fail. */
    private final ByteBuffer zeros = JournalLayout.allocate(ZEROS_BYTES);
    private final AtomicBoolean preparing = new AtomicBoolean();
    private final Deque<Slot> spares = new ArrayDeque<>();
    private final List<Full> full = new ArrayList<>();
    private long nextNumber;
    private Slot current;
    private long position;
    /** Last group that a checkpoint holds. */
    private long released;

    /**
     * Begins a new file after those of earlier runs.
     *
     * @param replayed
     *            files of earlier runs with their last groups
     */
    JournalFiles(Disk disk, Path folder, UUID directory, long fileBytes, Executor background,
            List<JournalScan.Scanned> replayed) throws IOException {
        this.disk = disk;
        this.folder = folder;
        this.directory = directory;
        disk.createDirectories(folder);
        long modest = Math.max(FIRST_FILE_BYTES, disk.usableBytes(folder) / DISK_SHARE);
        this.fileBytes = JournalLayout.roundUp(Math.min(fileBytes, modest));
        this.background = background;
        for (JournalScan.Scanned file : replayed) {
            nextNumber = Math.max(nextNumber, file.number());
            DiskFile open = disk.openUncached(file.path());
            full.add(new Full(new Slot(file.number(), file.path(), open, open.size()),
                    file.lastGroup()));
        }
        current = activated(create(Math.min(FIRST_FILE_BYTES, this.fileBytes)));
        if (!full.isEmpty()) {
            continued(full.getLast().slot, current, full.getLast().lastGroup);
        }
        position = JournalLayout.BLOCK;
    }

    /** Number of the current file. */
    long currentNumber() {
        return current.number;
    }

    /** Writes and forces a sealed group. Journal thread only. */
    void write(ByteBuffer group) throws IOException {
        int size = group.remaining();
        FailStop.require(position + size <= current.sizeBytes, "end of a journal group",
                current.sizeBytes, position + size);
        current.file.write(group, position);
        current.file.force(false);
        position += JournalLayout.roundUp(size);
    }

    /**
     * Makes room for {@code bytes}; returns true if it began another file or the current one anew.
     */
    synchronized boolean ensureRoom(long bytes, long lastGroup) throws IOException {
        if (position + bytes <= current.sizeBytes) {
            return false;
        }
        boolean spare = !spares.isEmpty() && spares.peek().sizeBytes >= bytes + JournalLayout.BLOCK;
        try {
            Slot next = activated(spare
                    ? spares.poll()
                    : create(Math.max(fileBytes,
                            JournalLayout.roundUp(bytes + JournalLayout.BLOCK))));
            try {
                continued(current, next, lastGroup);
            } catch (IOException e) {
                next.file.close(); // The file stays: the mark may be on disk.
                throw e;
            }
            full.add(new Full(current, lastGroup));
            current = next;
        } catch (IOException e) {
            boolean reusable = lastGroup <= released
                    && bytes + JournalLayout.BLOCK <= current.sizeBytes;
            if (!DiskFull.causedBy(e) || !reusable) {
                throw e;
            }
            // A checkpoint holds every group in the current file, so the file can be reused.
            current = activate(current);
        }
        position = JournalLayout.BLOCK;
        prepareSpares();
        return true;
    }

    /** Writes the header of a file; closes and deletes the file if that fails. */
    private Slot activated(Slot slot) throws IOException {
        try {
            return activate(slot);
        } catch (IOException e) {
            close(slot, true);
            throw e;
        }
    }

    private Slot activate(Slot slot) throws IOException {
        Slot numbered = new Slot(++nextNumber, slot.path, slot.file, slot.sizeBytes);
        numbered.file.write(JournalLayout.fileHeader(numbered.number, directory), 0);
        numbered.file.force(false);
        return numbered;
    }

    /** Records in a full file that another one follows. */
    private void continued(Slot before, Slot next, long lastGroup) throws IOException {
        ByteBuffer header = JournalLayout.fileHeader(before.number, directory);
        new Continuation(next.number, lastGroup).writeTo(header);
        before.file.write(header, 0);
        before.file.force(false);
    }

    private Slot create(long sizeBytes) throws IOException {
        Path path = folder.resolve("%s.journal".formatted(UUID.randomUUID()));
        disk.openOrCreate(path).close();
        DiskFile file = disk.openUncached(path);
        try {
            for (long at = 0; at < sizeBytes; at += ZEROS_BYTES) {
                file.write(zeros.slice(0, (int) Math.min(ZEROS_BYTES, sizeBytes - at)), at);
            }
            file.force(true);
            disk.forceDirectory(folder);
        } catch (IOException e) {
            file.close();
            disk.delete(path);
            throw e;
        }
        return new Slot(0, path, file, sizeBytes);
    }

    private void prepareSpares() {
        if (spares.size() < SPARES && preparing.compareAndSet(false, true)) {
            background.execute(this::prepareSpare);
        }
    }

    private void prepareSpare() {
        try {
            Slot slot = create(fileBytes);
            synchronized (this) {
                spares.add(slot);
            }
        } catch (IOException e) {
            LOG.warn("JRN-002 no spare journal file in {}: {}", folder, e.toString());
        } finally {
            preparing.set(false);
        }
    }

    /** Frees files without a group after {@code group}. */
    synchronized void release(long group) throws IOException {
        released = Math.max(released, group);
        for (Iterator<Full> files = full.iterator(); files.hasNext();) {
            Full file = files.next();
            if (file.lastGroup > group) {
                continue;
            }
            files.remove();
            if (spares.size() < SPARES_KEPT && file.slot.sizeBytes == fileBytes) {
                spares.add(file.slot);
            } else {
                close(file.slot, true);
            }
        }
    }

    /** Closes all files. Deletes the spare ones; all of them if {@code empty}. */
    synchronized void close(boolean empty) throws IOException {
        for (Slot spare : spares) {
            close(spare, true);
        }
        for (Full file : full) {
            close(file.slot, empty);
        }
        close(current, empty);
    }

    private void close(Slot slot, boolean delete) throws IOException {
        slot.file.close();
        if (delete) {
            disk.delete(slot.path);
        }
    }
}
