package io.taffrail.log.local.segment;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.local.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of contiguous batches, named by the first offset it may hold, with its index. Only the
 * owner appends; any
 * thread may read below a size it was told of.
 */
public final class Segment {

    private static final Logger LOG = LoggerFactory.getLogger(Segment.class);
    /** A segment up to this size may have no index: reading it is as quick. */
    private static final int SMALL_BYTES = 64 << 10;

    private final long baseOffset;
    private final int generation;
    private final Path folder;
    private final Path path;
    private final OpenFiles files;
    private final SegmentIndex index;
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
    /** What a replay found wrong with the file; empty if nothing. */
    private volatile String lost = "";

    private Segment(Path folder, long baseOffset, int generation, OpenFiles files) {
        String name = SegmentFile.stem(baseOffset, generation);
        this.baseOffset = baseOffset;
        this.generation = generation;
        this.folder = folder;
        this.path = folder.resolve(name + ".log");
        this.files = files;
        this.index = new SegmentIndex(files.disk(), folder.resolve(name + ".index"));
        this.batches = new BatchFile(path, baseOffset, this::hold);
        this.forcing = new SegmentForce(path, index, this::hold);
    }

    /** A segment that has no file yet; one left by an earlier run is overwritten. */
    public static Segment create(Path folder, long baseOffset, int generation, OpenFiles files) {
        Segment segment = new Segment(folder, baseOffset, generation, files);
        segment.indexLoaded = true;
        segment.created = true;
        return segment;
    }

    /** A segment as recorded; nothing is opened before it is used. */
    public static Segment restore(Path folder, SegmentInfo info, OpenFiles files) {
        Segment segment = new Segment(folder, info.baseOffset(), info.generation(), files);
        segment.sizeBytes = info.sizeBytes();
        segment.firstTimestampMs = info.firstTimestampMs();
        segment.maxTimestampMs = info.maxTimestampMs();
        segment.lastAppendMs = info.lastAppendMs();
        segment.created = info.sizeBytes() == 0;
        return segment;
    }

    /** As {@link #restore}, of a segment whose bytes may not have been forced. */
    public static Segment recovered(Path folder, SegmentInfo info, OpenFiles files) {
        Segment segment = restore(folder, info, files);
        segment.created = true;
        segment.forcing.written();
        return segment;
    }

    /** What to record of it now. */
    public SegmentInfo info() {
        return new SegmentInfo(baseOffset, generation, sizeBytes, firstTimestampMs, maxTimestampMs,
                lastAppendMs);
    }

    public int generation() {
        return generation;
    }

    public long baseOffset() {
        return baseOffset;
    }

    public Path path() {
        return path;
    }

    public int sizeBytes() {
        return sizeBytes;
    }

    /** Largest timestamp of its batches, -1 when empty. */
    public long maxTimestampMs() {
        return maxTimestampMs;
    }

    /**
     * When its newest record counts as written: its largest timestamp, or by the clock where it has
     * none.
     */
    public long ageFromMs() {
        return maxTimestampMs >= 0 ? maxTimestampMs : lastAppendMs;
    }

    /** Timestamp of the first batch, -1 when empty. */
    public long firstTimestampMs() {
        return firstTimestampMs;
    }

    /** How many records were erased when it was written; 0 after a restart. */
    public long erasedRecords() {
        return erasedRecords;
    }

    /** So many records of its offsets were left out. */
    public void erased(long records) {
        erasedRecords = records;
    }

    /** Holds the file open until {@link OpenFiles.Handle#release}. */
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
     * Lets go of a handle that was chosen to be closed. Takes no lock: it is called while another
     * segment opens its file.
     */
    void evict(OpenFiles.Handle evicted) {
        if (handle.compareAndSet(evicted, null)) {
            evicted.release();
        }
    }

    /** Closes the file as soon as nobody reads it. */
    public void close() {
        OpenFiles.Handle now = handle.getAndSet(null);
        if (now != null) {
            now.release();
        }
    }

    /** Writes a batch at the end without counting it in; {@link #appended} does. */
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
     * Writes a journaled batch again. The file may be gone, because a later entry of the journal
     * replaces or drops the segment:
     * then nothing is written and {@link #lost} says so.
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
     * What a replay found wrong with the file, or empty. A file that was deleted, or was about to
     * be and never forced, may be gone after a power cut, or back with holes.
     */
    public String lost() {
        return lost;
    }

    /** Counts in a batch written at {@code position}. Owner only. */
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

    /** Cuts the file to the size known, before the first append after a restart. */
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

    /** Whether something was written since it was last forced. */
    public boolean isDirty() {
        return forcing.isDirty() && !deleted;
    }

    /**
     * Forces what was written, and the index; called by the checkpoint. Where it fails the segment
     * stays dirty, so that no checkpoint passes it over.
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
     * Whether so much was appended since the last time this said so that it is worth writing back
     * early. Owner only.
     */
    public boolean isWriteBackDue() {
        return forcing.isWriteBackDue(sizeBytes);
    }

    /** Forces the file alone, so that the next checkpoint has less to force at once. */
    public void writeBack() throws IOException {
        if (!deleted) {
            forcing.forceFile();
        }
    }

    /** Whether its files were removed on purpose. */
    public boolean isDeleted() {
        return deleted;
    }

    /** Removes the files; readers that hold them go on. */
    public void delete() throws IOException {
        synchronized (this) {
            deleted = true;
            close();
        }
        Disk disk = files.disk();
        disk.delete(path);
        index.delete();
    }

    /**
     * Position of the first batch that ends at or after {@code offset}, below {@code limit};
     * {@code limit} if none does.
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
     * As {@link #locate}, over damage: verifies the batch, and where it is lost finds out where the
     * file is sound again.
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
     * Position of the first batch with a timestamp at or after {@code timestampMs}; {@code limit}
     * if none has.
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

    /** Looks up; where the index cannot be read it is made again, as it is only a hint. */
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

    /** Whether an entry of the index is true; if not, the index has been made again. */
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

    /** Reads one whole batch. */
    public ByteBuffer readBatch(int position, int limit) throws IOException {
        return batches.read(position, limit);
    }

    /** Size of the batch at {@code position}. */
    public int batchSize(int position) throws IOException {
        return batches.sizeAt(position);
    }

    /**
     * Visits whole batches with good checksums from {@code from} that continue at
     * {@code nextOffset}; returns where they end. What follows may be a torn tail.
     */
    public int walkIntact(int from, long nextOffset, BatchVisitor visitor) throws IOException {
        return files.disk().exists(path) ? batches.walkIntact(from, nextOffset, visitor) : from;
    }

    /** Reads the index, or makes it again where there is none, unless that has been done. */
    public void loadIndex() throws IOException {
        loadIndex(false);
    }

    /**
     * Loads the index.
     *
     * @param strict
     *            whether damage that a new index would have to pass over is a failure
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
