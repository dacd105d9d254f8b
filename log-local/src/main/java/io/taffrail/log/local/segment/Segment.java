package io.taffrail.log.local.segment;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.local.disk.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of contiguous batches with its indexes, named by the first offset it may contain. Only the
 * owner appends. Any thread may read below a size that the owner has published.
 */
public final class Segment {

    private static final Logger LOG = LoggerFactory.getLogger(Segment.class);
    /** Largest segment that may lack an index without a warning; scanning it is as fast. */
    private static final int SMALL_BYTES = 64 << 10;

    private final long baseOffset;
    private final int generation;
    private final Path folder;
    private final Path path;
    private final OpenFiles files;
    private final SegmentIndex index;
    private final AbortedIndex aborted;
    private final AtomicReference<OpenFiles.@Nullable Handle> handle = new AtomicReference<>();
    private final BatchFile batches;
    private final SegmentForce forcing;
    private volatile int sizeBytes;
    private volatile long erasedRecords;
    private volatile long maxTimestampMs = -1;
    private volatile long firstTimestampMs = -1;
    private volatile long lastAppendMs;
    private volatile boolean created;
    private volatile boolean indexLoaded;
    private volatile boolean deleted;
    /** Reason why a replay found the file unsound; empty if it did not. */
    private volatile String lost = "";

    private Segment(Path folder, long baseOffset, int generation, OpenFiles files) {
        String name = SegmentFile.stem(baseOffset, generation);
        this.baseOffset = baseOffset;
        this.generation = generation;
        this.folder = folder;
        this.path = folder.resolve(name + ".log");
        this.files = files;
        this.index = new SegmentIndex(files.disk(), folder.resolve(name + ".index"));
        this.aborted = new AbortedIndex(files.disk(), folder.resolve(name + ".txnindex"),
                baseOffset);
        this.batches = new BatchFile(path, baseOffset, this::hold);
        this.forcing = new SegmentForce(path, index, aborted, this::hold);
    }

    /** Creates a segment without a file; a file left by an earlier run is overwritten. */
    public static Segment create(Path folder, long baseOffset, int generation, OpenFiles files) {
        Segment segment = new Segment(folder, baseOffset, generation, files);
        segment.indexLoaded = true;
        segment.created = true;
        return segment;
    }

    /** Restores a recorded segment; its file is opened on first use. */
    public static Segment restore(Path folder, SegmentInfo info, OpenFiles files) {
        Segment segment = new Segment(folder, info.baseOffset(), info.generation(), files);
        segment.sizeBytes = info.sizeBytes();
        segment.firstTimestampMs = info.firstTimestampMs();
        segment.maxTimestampMs = info.maxTimestampMs();
        segment.lastAppendMs = info.lastAppendMs();
        segment.aborted.restored(info.aborted());
        segment.created = info.sizeBytes() == 0;
        return segment;
    }

    /** Restores a segment as {@link #restore} does, as one whose bytes may not be forced yet. */
    public static Segment recovered(Path folder, SegmentInfo info, OpenFiles files) {
        Segment segment = restore(folder, info, files);
        segment.created = true;
        segment.forcing.written();
        return segment;
    }

    /** Returns the facts to record about this segment now. */
    public SegmentInfo info() {
        return new SegmentInfo(baseOffset, generation, sizeBytes, firstTimestampMs, maxTimestampMs,
                lastAppendMs, aborted.count());
    }

    /** The aborted transactions whose markers are in this segment. */
    public AbortedIndex aborted() {
        return aborted;
    }

    /** 0 as appended; counts the rewrites by compaction or erasure otherwise. */
    public int generation() {
        return generation;
    }

    /** First offset that the segment may contain. */
    public long baseOffset() {
        return baseOffset;
    }

    public Path path() {
        return path;
    }

    /** Size of the counted batches in bytes; the file may be longer. */
    public int sizeBytes() {
        return sizeBytes;
    }

    /** Largest timestamp of its batches, in milliseconds since the epoch; -1 if empty. */
    public long maxTimestampMs() {
        return maxTimestampMs;
    }

    /**
     * Time from which its age counts, in milliseconds since the epoch: its largest timestamp,
     * or the time of the last append if its records have no timestamp.
     */
    public long ageFromMs() {
        return maxTimestampMs >= 0 ? maxTimestampMs : lastAppendMs;
    }

    /** Largest timestamp of its first batch, in milliseconds since the epoch; -1 if empty. */
    public long firstTimestampMs() {
        return firstTimestampMs;
    }

    /** Number of records erased when it was written; 0 after a restart. */
    public long erasedRecords() {
        return erasedRecords;
    }

    /** Sets the number of records left out when it was written. */
    public void erased(long records) {
        erasedRecords = records;
    }

    /**
     * Acquires the open file; the caller must call {@link OpenFiles.Handle#release}.
     *
     * @throws NoSuchFileException
     *             if the segment has been deleted
     */
    public OpenFiles.Handle hold() throws IOException {
        OpenFiles.Handle now = handle.get();
        if (now != null && now.hold()) {
            return now;
        }
        return openAndHold();
    }

    private synchronized OpenFiles.Handle openAndHold() throws IOException {
        OpenFiles.Handle now = handle.get();
        if (now != null && now.hold()) {
            return now;
        }
        if (deleted) {
            throw new NoSuchFileException(path.toString(), null, "deleted by retention");
        }
        if (created && sizeBytes == 0) {
            files.disk().createDirectories(folder);
        }
        OpenFiles.Handle opened = files.open(this, path, created);
        handle.set(opened);
        return opened;
    }

    /**
     * Releases a handle chosen for eviction. Takes no lock, because it is called while another
     * segment opens its file.
     */
    void evict(OpenFiles.Handle evicted) {
        if (handle.compareAndSet(evicted, null)) {
            evicted.release();
        }
    }

    /** Closes the file once no reader holds it. */
    public void close() {
        OpenFiles.Handle now = handle.getAndSet(null);
        if (now != null) {
            now.release();
        }
    }

    /**
     * Writes a batch at {@code position}, in bytes, without counting it in;
     * {@link #appended} does that.
     */
    public void write(ByteBuffer batch, int position) throws IOException {
        OpenFiles.Handle held = hold();
        try {
            held.file().write(batch.duplicate(), position);
            forcing.written();
        } finally {
            held.release();
        }
    }

    /**
     * Writes a journaled batch again during a replay. The file may be missing or unsound if a
     * later journal entry replaces or drops the segment. In that case nothing is written and
     * {@link #lost} returns the reason.
     */
    public void rewrite(ByteBuffer batch, int position) throws IOException {
        if (!lost.isEmpty()) {
            return;
        }
        try {
            write(batch, position);
            loadIndex(true);
        } catch (NoSuchFileException e) {
            LOG.debug("{} is gone; a later entry has to account for it", path, e);
            lost("segment " + path
                    + " is missing; restore it, or delete the topic's folder and the topic");
        } catch (LogFailedException e) {
            LOG.debug("{} is unsound; a later entry has to account for it", path, e);
            lost(String.valueOf(e.getMessage()));
        }
    }

    private void lost(String what) {
        lost = what;
        indexLoaded = true;
    }

    /**
     * Reason why a replay found the file unsound; empty if it did not. After a power cut,
     * the file of a deleted segment may be missing, or present with holes because the
     * deletion was not forced.
     */
    public String lost() {
        return lost;
    }

    /** Counts in a batch written at {@code position}. Owner's thread only. */
    public void appended(ByteBuffer batch, int position, int indexIntervalBytes, long nowMs)
            throws IOException {
        int at = batch.position();
        loadIndex();
        if (index.isDue(position, indexIntervalBytes)) {
            index.add((int) (BatchHeader.baseOffset(batch, at) - baseOffset), position,
                    maxTimestampMs);
        }
        long timestamp = BatchHeader.maxTimestamp(batch, at);
        if (firstTimestampMs < 0) {
            firstTimestampMs = timestamp;
        }
        maxTimestampMs = Math.max(maxTimestampMs, timestamp);
        lastAppendMs = nowMs;
        sizeBytes = position + batch.remaining();
        forcing.written();
    }

    /** Truncates the file to its known size, before the first append after a restart. */
    public void cutTail() throws IOException {
        OpenFiles.Handle held = hold();
        try {
            if (held.file().size() > sizeBytes) {
                held.file().truncate(sizeBytes);
            }
        } finally {
            held.release();
        }
    }

    /** True if bytes were written since the last successful force. */
    public boolean isDirty() {
        return (forcing.isDirty() || aborted.hasChanged()) && !deleted;
    }

    /**
     * Forces file, index and name; called by the checkpoint. After a failure the segment stays
     * dirty, so every later checkpoint includes it.
     */
    public void force() throws IOException {
        if (isDirty()) {
            try {
                forcing.force(this::forceName);
            } catch (NoSuchFileException e) {
                if (!deleted) {
                    throw e;
                }
                LOG.debug("{} was dropped meanwhile", path, e);
            }
        }
    }

    private void forceName() throws IOException {
        if (created) {
            files.disk().forceDirectory(folder);
            created = false;
        }
    }

    /**
     * True if enough was appended since the last write-back for another one; then resets the count.
     * Owner's thread only.
     */
    public boolean isWriteBackDue() {
        return forcing.isWriteBackDue(sizeBytes);
    }

    /** Forces the file only, which leaves less to force for the next checkpoint. */
    public void writeBack() throws IOException {
        if (!deleted) {
            forcing.forceFile();
        }
    }

    /** True if its files were deleted on purpose. */
    public boolean isDeleted() {
        return deleted;
    }

    /** Deletes the files. Readers that hold the file can continue. */
    public void delete() throws IOException {
        synchronized (this) {
            deleted = true;
            close();
        }
        Disk disk = files.disk();
        disk.delete(path);
        index.delete();
        aborted.delete();
    }

    /**
     * Position of the first batch below {@code limit} whose last offset is at least {@code offset};
     * {@code limit} if there is none.
     *
     * @throws LogFailedException
     *             if the segment is damaged there
     */
    public int locate(long offset, int limit) throws IOException {
        loadIndex();
        long relative = Math.min(offset - baseOffset, Integer.MAX_VALUE);
        int from = 0;
        if (relative > 0) {
            SegmentIndex.Entry entry = floor(() -> index.floorByOffset((int) relative));
            from = leadsToItsBatch(entry)
                    ? entry.position()
                    : index.floorByOffset((int) relative).position();
        }
        boolean gaps = generation > 0 || offset < baseOffset;
        return batches.find(from, limit, (buffer, at) -> {
            if (!gaps && BatchHeader.baseOffset(buffer, at) > offset) {
                throw new LogFailedException(
                        path + " is damaged: none of its batches holds offset " + offset);
            }
            return BatchHeader.lastOffset(buffer, at) >= offset;
        });
    }

    /**
     * Locates a batch as {@link #locate} does, but verifies it; on damage finds the
     * next sound batch.
     *
     * @param endOffset
     *            first offset behind {@code limit}
     */
    public DamageSearch.Place locateSound(long offset, int limit, long endOffset)
            throws IOException {
        int from = 0;
        try {
            loadIndex();
            SegmentIndex.Entry entry = floor(() -> index.floorByOffset(
                    Math.clamp(offset - baseOffset, 0, Integer.MAX_VALUE)));
            from = leadsToItsBatch(entry) ? entry.position() : 0;
        } catch (LogFailedException e) {
            LOG.debug("{} has no index over its damage", path, e);
        }
        return new DamageSearch(path, baseOffset, generation > 0, this::hold)
                .find(from, offset, limit, endOffset);
    }

    /**
     * Position of the first batch whose largest timestamp is at least {@code timestampMs};
     * {@code limit} if there is none.
     */
    public int locateTime(long timestampMs, int limit) throws IOException {
        loadIndex();
        SegmentIndex.Entry entry = floor(() -> index.floorByTime(timestampMs));
        int from = leadsToItsBatch(entry)
                ? entry.position()
                : index.floorByTime(timestampMs).position();
        return batches.find(from, limit,
                (buffer, at) -> BatchHeader.maxTimestamp(buffer, at) >= timestampMs);
    }

    /** A look-up in the index. */
    private interface LookUp {
        SegmentIndex.Entry find() throws IOException;
    }

    /** Looks up an entry. If the index cannot be read it is rebuilt from the segment. */
    private SegmentIndex.Entry floor(LookUp lookUp) throws IOException {
        try {
            return lookUp.find();
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            if (!files.disk().exists(path)) {
                throw e;
            }
            LOG.warn("SEG-002 the index of {} cannot be read: {}; it is made again", path,
                    e.toString());
            rebuildIndex(false);
            return lookUp.find();
        }
    }

    /** True if a batch begins where the entry says; otherwise the index has been rebuilt. */
    private boolean leadsToItsBatch(SegmentIndex.Entry entry) throws IOException {
        if (entry.position() == 0
                || batches.begins(entry.position(), baseOffset + entry.relativeOffset())) {
            return true;
        }
        LOG.warn("SEG-002 the index of {} is damaged: no batch of offset {} begins at {};"
                + " it is made again", path, baseOffset + entry.relativeOffset(), entry.position());
        rebuildIndex(false);
        return false;
    }

    /** Reads one whole batch into a new buffer. */
    public ByteBuffer readBatch(int position, int limit) throws IOException {
        return batches.read(position, limit);
    }

    /**
     * Walks over the batches below {@code limit}, without their checksums.
     *
     * @param walker
     *            gets the whole of a control batch, of others the header
     * @throws LogFailedException
     *             if the segment is damaged
     */
    public void walk(int limit, BatchVisitor walker) throws IOException {
        int[] position = {0};
        batches.find(0, limit, (buffer, at) -> {
            int needed = BatchHeader.isControl(buffer, at)
                    ? BatchHeader.sizeBytes(buffer, at)
                    : BatchHeader.SIZE_BYTES;
            walker.visit(needed <= buffer.limit() - at
                    ? buffer.slice(at, needed)
                    : batches.read(position[0], limit), position[0]);
            position[0] += BatchHeader.sizeBytes(buffer, at);
            return false;
        });
    }

    /** Reads the header of one batch into a new buffer. */
    public ByteBuffer readHeader(int position, int limit) throws IOException {
        return batches.readHeader(position, limit);
    }

    /**
     * Opens the bytes from {@code from} to {@code end} as a stream, which the caller closes. It
     * takes 64 KiB of memory, and does not read what is skipped.
     */
    public InputStream readRange(int from, int end) throws IOException {
        return batches.window(from, end);
    }

    /** Size of the batch at {@code position}, in bytes. */
    public int batchSize(int position) throws IOException {
        return batches.sizeAt(position);
    }

    /**
     * Visits contiguous batches with valid checksums, beginning at position {@code from} with
     * offset {@code nextOffset}; returns the position behind the last one. A torn tail may follow.
     */
    public int walkIntact(int from, long nextOffset, BatchVisitor visitor) throws IOException {
        return files.disk().exists(path) ? batches.walkIntact(from, nextOffset, visitor) : from;
    }

    /** Loads the index, or rebuilds it if it is missing or wrong; does nothing if it is loaded. */
    public void loadIndex() throws IOException {
        loadIndex(false);
    }

    /**
     * Loads the index.
     *
     * @param strict
     *            true if damage in the segment is an error; otherwise a rebuilt index leaves it out
     */
    private void loadIndex(boolean strict) throws IOException {
        if (indexLoaded) {
            return;
        }
        synchronized (this) {
            if (indexLoaded) {
                return;
            }
            String wrong = index.load(sizeBytes);
            if (!wrong.isEmpty() && sizeBytes > 0) {
                if (sizeBytes > SMALL_BYTES) {
                    LOG.warn("SEG-001 the index of {} {}; it is made again", path, wrong);
                }
                rebuildIndex(strict);
            }
            indexLoaded = true;
        }
    }

    private void rebuildIndex(boolean strict) throws IOException {
        SegmentIndex made = new SegmentIndex(files.disk(), path);
        int[] position = {0};
        long[] max = {-1};
        long[] next = {baseOffset};
        BatchFile.HeaderTest adding = (buffer, at) -> {
            if (made.isDue(position[0], 4096)) {
                made.add((int) (BatchHeader.baseOffset(buffer, at) - baseOffset), position[0],
                        max[0]);
            }
            max[0] = Math.max(max[0], BatchHeader.maxTimestamp(buffer, at));
            position[0] += BatchHeader.sizeBytes(buffer, at);
            next[0] = BatchHeader.lastOffset(buffer, at) + 1;
            return false;
        };
        while (position[0] < sizeBytes) {
            try {
                batches.find(position[0], sizeBytes, adding);
            } catch (LogFailedException | IOException e) {
                if (strict || e instanceof ClosedChannelException
                        || e instanceof NoSuchFileException) {
                    throw e;
                }
                LOG.warn("SEG-003 the index of {} leaves out what is damaged at {}: {}", path,
                        position[0], e.toString());
                position[0] = new DamageSearch(path, baseOffset, true, this::hold)
                        .resume(position[0] + 1, sizeBytes, next[0]);
            }
        }
        index.remake(made);
        forcing.written();
    }
}
