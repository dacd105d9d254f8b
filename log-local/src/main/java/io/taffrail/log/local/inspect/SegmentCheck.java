package io.taffrail.log.local.inspect;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.local.StoredDirectory;
import io.taffrail.log.local.StoredDirectory.LogSummary;
import io.taffrail.log.local.StoredDirectory.StoredSegment;
import io.taffrail.log.local.segment.SegmentFile;
import io.taffrail.log.local.segment.SegmentInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A check of one segment and its index against the recorded facts, by reading it from end to end.
 */
final class SegmentCheck {

    private final StoredDirectory directory;
    private final LogSummary log;
    private final StoredSegment segment;
    private final SegmentInfo info;
    private final Path path;
    private final Consumer<Finding> findings;
    private long batches;
    private long position;
    private long nextOffset;
    private long maxTimestamp = -1;
    private boolean damaged;

    SegmentCheck(StoredDirectory directory, LogSummary log, StoredSegment segment,
            Consumer<Finding> findings) {
        this.directory = directory;
        this.log = log;
        this.segment = segment;
        this.info = segment.info();
        this.path = SegmentFile.log(directory.folder(log.id()), info);
        this.findings = findings;
        this.nextOffset = info.baseOffset();
    }

    long batches() {
        return batches;
    }

    /** Offset behind the last batch read. */
    long nextOffset() {
        return nextOffset;
    }

    long bytes() {
        return position;
    }

    /** False if the segment's batches are damaged. */
    boolean isSound() {
        return !damaged;
    }

    /**
     * Reads the whole segment.
     *
     * @param endOffset
     *            base offset of the next segment, or the end of the log
     */
    void run(long endOffset) throws IOException {
        try (BatchReader reader = new BatchReader(directory.disk(), path)) {
            if (reader.sizeBytes() < segment.forcedBytes()) {
                damage(reader.sizeBytes(), "the file is cut short: it has %d bytes, %d are recorded"
                        .formatted(reader.sizeBytes(), segment.forcedBytes()));
            }
            IndexCheck index = IndexCheck.open(directory, log, segment, findings);
            begin(reader);
            walk(reader, Math.min(reader.sizeBytes(), info.sizeBytes()), index);
            if (!damaged) {
                end(endOffset);
                index.end();
                tail(reader);
            }
        } catch (NoSuchFileException e) {
            if (segment.forcedBytes() > 0) {
                damage(-1, "the segment is missing");
            } else {
                note(-1, "not written yet; the next start makes it from the journal");
            }
        }
    }

    private void begin(BatchReader reader) throws IOException {
        if (segment.forcedBytes() == 0 || reader.sizeBytes() < BatchHeader.SIZE_BYTES) {
            return;
        }
        int at = reader.load(0, BatchHeader.SIZE_BYTES);
        ByteBuffer header = reader.buffer().slice(at, BatchHeader.SIZE_BYTES);
        String wrong = SegmentFile.wrongBeginning(info, header);
        if (!wrong.isEmpty()) {
            damage(0, "the segment does not begin as recorded: " + wrong
                    + "; it may have been swapped with another");
        }
    }

    private void walk(BatchReader reader, long limit, IndexCheck index) throws IOException {
        while (position < limit && !damaged) {
            int size = reader.batchSize(position, limit);
            if (size < 0) {
                unreadable("no whole batch begins here");
                return;
            }
            int at = reader.load(position, size);
            ByteBuffer buffer = reader.buffer();
            if (!BatchHeader.isWhole(buffer, at, at + size)) {
                unreadable("the checksum of the batch of offset %d is wrong"
                        .formatted(BatchHeader.baseOffset(buffer, at)));
                return;
            }
            batch(buffer, at, index);
            position += size;
        }
    }

    private void batch(ByteBuffer buffer, int at, IndexCheck index) {
        long base = BatchHeader.baseOffset(buffer, at);
        boolean follows = info.generation() == 0 ? base == nextOffset : base >= nextOffset;
        if (!follows) {
            damage(position, "the batch begins at offset %d where %d was expected".formatted(base,
                    nextOffset));
        }
        index.batch(position, base, maxTimestamp);
        maxTimestamp = Math.max(maxTimestamp, BatchHeader.maxTimestamp(buffer, at));
        nextOffset = BatchHeader.lastOffset(buffer, at) + 1;
        batches++;
    }

    /**
     * Reports an unreadable batch. It is no damage if it was not forced yet, because
     * the journal has it.
     */
    private void unreadable(String text) {
        if (position >= segment.forcedBytes()) {
            note(position, text + "; the next start writes it again from the journal");
            damaged = true;
        } else {
            damage(position, text);
        }
    }

    private void end(long endOffset) {
        boolean all = position == info.sizeBytes();
        boolean right = info.generation() == 0 ? nextOffset == endOffset : nextOffset <= endOffset;
        if (all && !right) {
            damage(position, "the segment ends at offset %d, what follows begins at %d"
                    .formatted(nextOffset, endOffset));
        }
        if (all && maxTimestamp != info.maxTimestampMs()) {
            damage(-1, "the largest timestamp is %d, recorded is %d".formatted(maxTimestamp,
                    info.maxTimestampMs()));
        }
        if (!all) {
            note(position,
                    "%d bytes are not written yet; the next start writes them from the journal"
                            .formatted(info.sizeBytes() - position));
        }
    }

    private void tail(BatchReader reader) {
        long behind = reader.sizeBytes() - info.sizeBytes();
        if (behind > 0) {
            note(info.sizeBytes(), log.isUnjournaledTail(segment)
                    ? behind + " bytes behind the checkpoint; the next start takes in what is whole"
                    : behind + " bytes behind the known end; they were never acknowledged");
        }
    }

    private void damage(long at, String text) {
        damaged = true;
        findings.accept(Finding.damage(path, at, text));
    }

    private void note(long at, String text) {
        findings.accept(Finding.note(path, at, text));
    }
}
