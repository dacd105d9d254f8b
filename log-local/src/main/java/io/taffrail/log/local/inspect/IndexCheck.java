package io.taffrail.log.local.inspect;

import io.taffrail.log.local.StoredDirectory;
import io.taffrail.log.local.StoredDirectory.LogSummary;
import io.taffrail.log.local.StoredDirectory.StoredSegment;
import io.taffrail.log.local.disk.DiskFile;
import io.taffrail.log.local.segment.SegmentFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A check of an index against the batches of its segment, during a sequential read of the segment.
 */
final class IndexCheck {

    private static final int ENTRY_BYTES = 16;
    /** Largest segment that may lack an index. */
    private static final int SMALL_BYTES = 64 << 10;

    private final Path path;
    private final ByteBuffer entries;
    private final StoredSegment segment;
    private final Consumer<Finding> findings;
    private int next;
    private long lastPosition;
    private long widest;
    private boolean done;

    private IndexCheck(Path path, ByteBuffer entries, StoredSegment segment,
            Consumer<Finding> findings) {
        this.path = path;
        this.entries = entries;
        this.segment = segment;
        this.findings = findings;
    }

    static IndexCheck open(StoredDirectory directory, LogSummary log, StoredSegment segment,
            Consumer<Finding> findings) throws IOException {
        Path path = SegmentFile.index(directory.folder(log.id()), segment.info());
        if (!directory.disk().exists(path)) {
            IndexCheck none = new IndexCheck(path, ByteBuffer.allocate(0), segment, findings);
            none.done = true;
            if (segment.forcedBytes() > SMALL_BYTES) {
                none.wrong(-1, "the index is missing");
            }
            return none;
        }
        try (DiskFile file = directory.disk().open(path)) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
            file.read(bytes, 0);
            IndexCheck check = new IndexCheck(path, bytes.flip(), segment, findings);
            if (bytes.limit() % ENTRY_BYTES != 0) {
                check.wrong(bytes.limit() - bytes.limit() % ENTRY_BYTES,
                        "the index ends inside an entry");
            }
            return check;
        }
    }

    /** Checks the entry of the next batch of the segment, if it has one. */
    void batch(long position, long baseOffset, long maxTimestampBefore) {
        if (done || position >= segment.forcedBytes()) {
            return;
        }
        int at = next * ENTRY_BYTES;
        if (at + ENTRY_BYTES > entries.limit()) {
            if (position - lastPosition > Math.max(widest, SMALL_BYTES)) {
                wrong(at,
                        "the index ends too early: the batch at %d of the segment has no entry near"
                                .formatted(position));
            }
            return;
        }
        int entryPosition = entries.getInt(at + 4);
        if (entryPosition > position) {
            return;
        }
        long offset = segment.info().baseOffset() + entries.getInt(at);
        if (entryPosition < position || offset != baseOffset) {
            wrong(at, "the entry says that offset %d begins at %d of the segment; it does not"
                    .formatted(offset, entryPosition));
        } else if (entries.getLong(at + 8) != maxTimestampBefore) {
            wrong(at, "the entry says that the largest timestamp before %d is %d; it is %d"
                    .formatted(position, entries.getLong(at + 8), maxTimestampBefore));
        }
        widest = Math.max(widest, position - lastPosition);
        lastPosition = position;
        next++;
    }

    /** Checks that no entries remain at the end of the segment. */
    void end() {
        int at = next * ENTRY_BYTES;
        boolean left = at + ENTRY_BYTES <= entries.limit();
        if (!done && left && entries.getInt(at + 4) < segment.forcedBytes()) {
            wrong(at, "the entry points to %d of the segment, where no batch begins"
                    .formatted(entries.getInt(at + 4)));
        }
    }

    private void wrong(long position, String text) {
        done = true;
        findings.accept(Finding.repairable(path, position,
                text + "; it is made again when it is used, or delete the file"));
    }
}
