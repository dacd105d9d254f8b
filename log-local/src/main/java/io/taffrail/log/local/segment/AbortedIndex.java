package io.taffrail.log.local.segment;

import static java.util.Objects.requireNonNull;

import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.disk.DiskFile;
import io.taffrail.log.spi.AbortedTransaction;
import io.taffrail.log.state.AbortedSearch;
import io.taffrail.log.state.AbortedTransactions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The index of the aborted transactions whose markers are in one segment, in the order of the
 * markers: a file of {@link AbortedEntry}s. The owner adds, the checkpoint persists, any thread
 * reads. Thread-safe.
 *
 * <p>
 * The last few entries are in memory, at most {@link #MOST_IN_MEMORY} unless the file cannot be
 * written. Their number at a checkpoint is recorded with the segment, and they are forced before.
 * A replay of the journal adds later entries again. Therefore a file with fewer entries than
 * recorded, or with a wrong one, is noticed: the file is verified as a whole when it is first used
 * after a start, and each entry whenever it is read. It is then made again from the log.
 */
public final class AbortedIndex {

    /** In place of a number of entries: the index was not written with its segment. */
    public static final int UNKNOWN = -1;

    static final int MOST_IN_MEMORY = 16;
    private static final Logger LOG = LoggerFactory.getLogger(AbortedIndex.class);

    private final Disk disk;
    private final Path path;
    private final long baseOffset;
    private final Object remaking = new Object();
    private final AbortedTransactions inMemory = new AbortedTransactions();
    private int inFile;
    /** Number of the file's entries that are known to be forced. */
    private int forced;
    private boolean unknown;
    private boolean verified = true;
    /** True if the file may have more than {@code inFile} entries, which a crash left behind. */
    private boolean longerFile = true;
    private boolean nameForced;
    private volatile boolean changed;

    /**
     * The entries found by a scan of the log.
     *
     * @param end
     *            offset up to which all markers in the segment were seen
     */
    public record Made(List<AbortedTransaction> entries, long end) {}

    /** A scan of the log for the entries of this segment. */
    public interface Scan {

        /**
         * Runs the scan.
         *
         * @param reason
         *            the failure that requires it
         * @throws java.nio.file.NoSuchFileException
         *             if the segment has been deleted
         */
        Made run(IOException reason) throws IOException;
    }

    AbortedIndex(Disk disk, Path path, long baseOffset) {
        this.disk = disk;
        this.path = path;
        this.baseOffset = baseOffset;
    }

    /** Sets the number of entries that the file has, or {@link #UNKNOWN}. Before any other use. */
    synchronized void restored(int count) {
        unknown = count == UNKNOWN;
        inFile = Math.max(0, count);
        forced = inFile;
        nameForced = inFile > 0;
        verified = inFile == 0;
    }

    /** True if there are entries that no checkpoint has forced. */
    boolean hasChanged() {
        return changed;
    }

    /** Number of entries, or {@link #UNKNOWN}. */
    public synchronized int count() {
        return unknown ? UNKNOWN : inFile + inMemory.all().size();
    }

    /** Adds the transaction of the marker just appended. */
    public synchronized void add(AbortedTransaction next) {
        inMemory.add(next);
        changed = true;
        if (inMemory.all().size() % MOST_IN_MEMORY == 0 && !unknown) {
            moveToFile();
        }
    }

    /**
     * Adds a transaction from a checkpoint of format 1.0. Writes no file, because the directory may
     * still be refused; the next checkpoint does.
     */
    public synchronized void addOld(AbortedTransaction next) {
        inMemory.add(next);
        changed = true;
    }

    /** Moves the entries in memory to the file; if that fails they stay until a checkpoint. */
    private void moveToFile() {
        try (DiskFile file = disk.openOrCreate(path)) {
            write(file);
        } catch (IOException e) {
            LOG.debug("{} cannot be written; a checkpoint tries again", path, e);
        }
    }

    private void write(DiskFile file) throws IOException {
        file.write(AbortedEntry.encode(inMemory.all()), (long) inFile * AbortedEntry.BYTES);
        inFile += inMemory.all().size();
        inMemory.clear();
    }

    /** Moves the entries in memory to the file and forces it. Called by the checkpoint. */
    void persist() throws IOException {
        changed = false;
        try {
            if (isUnforced()) {
                force();
            }
        } catch (IOException | RuntimeException e) {
            changed = true;
            throw e;
        }
    }

    private void force() throws IOException {
        try (DiskFile file = disk.openOrCreate(path)) {
            int end;
            synchronized (this) {
                // After a failed force the kernel considers these bytes clean.
                rewrite(file, forced, inFile);
                write(file);
                file.truncate((long) inFile * AbortedEntry.BYTES);
                end = inFile;
            }
            file.force(false);
            synchronized (this) {
                forced = Math.min(end, inFile);
                longerFile = false;
            }
        }
        forceName();
    }

    private synchronized boolean isUnforced() {
        if (unknown) {
            return false;
        }
        return !inMemory.all().isEmpty() || forced < inFile || (!nameForced && inFile > 0)
                || (longerFile && disk.exists(path));
    }

    private void rewrite(DiskFile file, int from, int to) throws IOException {
        if (from < to) {
            ByteBuffer bytes = ByteBuffer.allocate((to - from) * AbortedEntry.BYTES);
            file.read(bytes, (long) from * AbortedEntry.BYTES);
            file.write(bytes.flip(), (long) from * AbortedEntry.BYTES);
        }
    }

    private void forceName() throws IOException {
        synchronized (this) {
            if (nameForced) {
                return;
            }
        }
        disk.forceDirectory(requireNonNull(path.toAbsolutePath().getParent()));
        synchronized (this) {
            nameForced = true;
        }
    }

    /**
     * Passes the entries to a search until it is complete.
     *
     * @param endOffset
     *            end of the segment's offsets; {@link Long#MAX_VALUE} for the last segment
     * @param scan
     *            makes the entries again if the file is missing, short or damaged
     * @return false if the search is complete
     */
    public boolean search(AbortedSearch search, long endOffset, Scan scan) throws IOException {
        int before = search.size();
        try {
            return search(search, endOffset);
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            LOG.debug("{} is not used", path, e);
        }
        synchronized (remaking) {
            search.rewind(before);
            try {
                return search(search, endOffset);
            } catch (IOException e) {
                search.rewind(before);
                int known = count();
                remake(scan.run(e), known);
            }
        }
        return search(search, endOffset);
    }

    private synchronized boolean search(AbortedSearch search, long endOffset) throws IOException {
        if (unknown) {
            throw new IOException(path + " was not written");
        }
        if (inFile > 0) {
            try (DiskFile file = disk.open(path)) {
                if (!verified) {
                    verify(file, path, inFile, baseOffset, endOffset);
                    verified = true;
                }
                if (!AbortedEntry.read(file, path, firstEndingAt(file, search.from()), inFile,
                        (_, entry) -> search.add(entry))) {
                    return false;
                }
            }
        }
        return inMemory.search(search);
    }

    /** Index of the first entry in the file whose marker is at {@code offset} or later. */
    private int firstEndingAt(DiskFile file, long offset) throws IOException {
        int low = 0;
        for (int high = inFile; low < high;) {
            int middle = (low + high) >>> 1;
            boolean below = !AbortedEntry.read(file, path, middle, middle + 1,
                    (_, entry) -> entry.lastOffset() >= offset);
            if (below) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * Checks a file: {@code count} sound entries with ascending markers inside the segment, and
     * no more of them in a segment that is complete.
     *
     * @throws IOException
     *             if it is wrong; the message says why
     */
    public static void verify(DiskFile file, Path path, int count, long baseOffset, long endOffset)
            throws IOException {
        long[] last = {baseOffset - 1};
        AbortedEntry.read(file, path, 0, count, (index, entry) -> {
            if (entry.lastOffset() <= last[0] || entry.lastOffset() >= endOffset) {
                throw new IOException(path + " is out of order at entry " + index);
            }
            last[0] = entry.lastOffset();
            return true;
        });
        if (endOffset < Long.MAX_VALUE && isSound(file, path, count, last[0], endOffset)) {
            throw new IOException(path + " has more than the " + count + " recorded entries");
        }
    }

    private static boolean isSound(DiskFile file, Path path, int index, long after, long before)
            throws IOException {
        if (file.size() < (index + 1L) * AbortedEntry.BYTES) {
            return false;
        }
        boolean[] sound = {false};
        try {
            AbortedEntry.read(file, path, index, index + 1, (_, entry) -> {
                sound[0] = entry.lastOffset() > after && entry.lastOffset() < before;
                return true;
            });
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            LOG.debug("{} has bytes behind its entries", path, e);
        }
        return sound[0];
    }

    /**
     * Replaces the entries by those that a scan found. Entries added during the scan stay.
     *
     * @param known
     *            number of entries when the scan began
     */
    private synchronized void remake(Made made, int known) throws IOException {
        List<AbortedTransaction> all = new ArrayList<>(made.entries);
        if (!unknown && known < inFile) {
            try (DiskFile file = disk.open(path)) {
                AbortedEntry.read(file, path, known, inFile, (_, entry) -> all.add(entry));
            }
        }
        all.addAll(inMemory.all());
        int found = made.entries.size();
        List<AbortedTransaction> later = all.subList(found, all.size());
        later.removeIf(it -> it.lastOffset() < made.end);
        replaceAll(all);
    }

    private void replaceAll(List<AbortedTransaction> entries) {
        inMemory.clear();
        entries.forEach(inMemory::add);
        inFile = 0;
        forced = 0;
        unknown = false;
        verified = true;
        longerFile = true;
        nameForced = false;
        changed = true;
        if (!entries.isEmpty()) {
            moveToFile();
        }
    }

    /**
     * Replaces the entries whose markers are at {@code offset} or later, in one step for readers.
     * Called when the log's state was rebuilt.
     */
    public synchronized void replaceFrom(long offset, List<AbortedTransaction> entries) {
        if (unknown) {
            return;
        }
        int kept = inFile;
        if (inFile > 0) {
            try (DiskFile file = disk.open(path)) {
                kept = firstEndingAt(file, offset);
            } catch (IOException e) {
                LOG.warn("SEG-004 {} cannot be used: {}; it is made again", path, e.toString());
                forget();
                return;
            }
        }
        longerFile |= kept < inFile;
        inFile = kept;
        forced = Math.min(forced, kept);
        inMemory.cutAt(offset);
        entries.forEach(inMemory::add);
        changed = true;
    }

    /** Forgets all entries: the next use scans the log for them. */
    public synchronized void forget() {
        unknown = true;
        inFile = 0;
        forced = 0;
        inMemory.clear();
    }

    void delete() throws IOException {
        disk.delete(path);
    }
}
