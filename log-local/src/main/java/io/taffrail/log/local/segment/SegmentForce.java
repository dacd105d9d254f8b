package io.taffrail.log.local.segment;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What of a segment is not known to be on disk, and the forcing of it. A force that failed once
 * fails for ever: it may have dropped what it should have written, so a later one proves nothing.
 */
final class SegmentForce {

    private static final int WRITE_BACK_BYTES = 8 << 20;

    private final Path path;
    private final SegmentIndex index;
    private final BatchFile.Holder holder;
    private volatile boolean dirty;
    private volatile @Nullable IOException failure;
    private int writtenBack;

    /** Forces the file's name. */
    interface NameForce {
        void force() throws IOException;
    }

    SegmentForce(Path path, SegmentIndex index, BatchFile.Holder holder) {
        this.path = path;
        this.index = index;
        this.holder = holder;
    }

    /** Something was written to the file or the index. */
    void written() {
        dirty = true;
    }

    boolean isDirty() {
        return dirty;
    }

    /** Forces index, file and name; where it fails the segment stays dirty. */
    void force(NameForce name) throws IOException {
        dirty = false;
        try {
            index.persist();
            forceFile();
            name.force();
        } catch (IOException | RuntimeException e) {
            dirty = true;
            throw e;
        }
    }

    void forceFile() throws IOException {
        IOException before = failure;
        if (before != null) {
            throw new IOException(
                    path + " could not be forced; restart to recover it from the journal", before);
        }
        OpenFiles.Handle held = holder.hold();
        try {
            held.file().force(false);
        } catch (IOException e) {
            failure = e;
            dirty = true;
            throw e;
        } finally {
            held.release();
        }
    }

    /** Whether so much was appended since this last said so that it is worth writing back. */
    boolean isWriteBackDue(int sizeBytes) {
        if (sizeBytes - writtenBack < WRITE_BACK_BYTES) {
            return false;
        }
        writtenBack = sizeBytes;
        return true;
    }
}
