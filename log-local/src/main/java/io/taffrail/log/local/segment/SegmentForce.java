package io.taffrail.log.local.segment;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Dirty state and forcing of one segment. After one failed force every later one fails: the kernel
 * may have dropped the unwritten pages, so a later success would prove nothing.
 */
final class SegmentForce {

    private static final int WRITE_BACK_BYTES = 8 << 20;

    private final Path path;
    private final SegmentIndex index;
    private final AbortedIndex aborted;
    private final BatchFile.Holder holder;
    private volatile boolean dirty;
    private volatile @Nullable IOException failure;
    private int writtenBack;

    /** Forces the directory entry of the file. */
    interface NameForce {
        void force() throws IOException;
    }

    SegmentForce(Path path, SegmentIndex index, AbortedIndex aborted, BatchFile.Holder holder) {
        this.path = path;
        this.index = index;
        this.aborted = aborted;
        this.holder = holder;
    }

    /** Marks that the file or the index was written. */
    void written() {
        dirty = true;
    }

    boolean isDirty() {
        return dirty;
    }

    /** Forces indexes, file and name; after a failure the segment stays dirty. */
    void force(NameForce name) throws IOException {
        dirty = false;
        try {
            index.persist();
            aborted.persist();
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

    /** True if enough was appended since the last write-back; then resets the count. */
    boolean isWriteBackDue(int sizeBytes) {
        if (sizeBytes - writtenBack < WRITE_BACK_BYTES) {
            return false;
        }
        writtenBack = sizeBytes;
        return true;
    }
}
