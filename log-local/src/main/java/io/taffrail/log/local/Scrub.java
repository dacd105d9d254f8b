package io.taffrail.log.local;

import io.taffrail.log.local.segment.OpenFiles;
import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.local.segment.SegmentVerifier;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;

/**
 * One pass over the durable batches of open logs that verifies every checksum at a limited rate.
 * Takes no lock and no time of an owner; reads through the page cache. Not thread-safe.
 */
final class Scrub {

    private static final long PAUSE_NANOS = 2_000_000;

    private final long bytesPerSecond;
    private final InstantSource clock;
    private final ScrubReport report;
    private final long beganMs;
    private final SegmentVerifier verifier = new SegmentVerifier();
    private long segments;
    private long batches;
    private long bytes;
    private long damages;
    /** Position in the segment being read, in bytes. */
    private int position;

    /**
     * @param bytesPerSecond
     *            at least 1; {@link Long#MAX_VALUE} for no limit
     */
    Scrub(long bytesPerSecond, InstantSource clock, ScrubReport report) {
        this.bytesPerSecond = bytesPerSecond;
        this.clock = clock;
        this.report = report;
        this.beganMs = clock.millis();
    }

    ScrubReport.Progress progress() {
        return new ScrubReport.Progress(segments, batches, bytes, damages);
    }

    void log(LocalLog log) {
        LogView view = log.view();
        for (int i = 0; i <= view.durableSegment() && report.isWanted(); i++) {
            segment(log, view.segments()[i], view.readableBytes(i));
        }
    }

    /**
     * Scrubs one segment. A read error is reported as damage, and the scrub continues with
     * the next segment.
     */
    private void segment(LocalLog log, Segment segment, int limit) {
        try {
            read(log, segment, limit);
        } catch (IOException e) {
            damage(log, segment, position, "it cannot be read: " + e);
        }
    }

    private void read(LocalLog log, Segment segment, int limit) throws IOException {
        position = 0;
        OpenFiles.Handle held;
        try {
            held = segment.hold();
        } catch (NoSuchFileException e) {
            if (limit > 0 && !segment.isDeleted()) {
                damage(log, segment, 0, "the segment is missing");
            }
            return;
        }
        try {
            while (position < limit && report.isWanted()) {
                SegmentVerifier.Step step = verifier.verify(held, position, limit);
                batches += step.batches();
                bytes += step.position() - position;
                position = step.position();
                if (!step.damage().isEmpty()) {
                    damage(log, segment, position, step.damage());
                    break;
                }
                report.progress(progress());
                keepToRate();
            }
        } finally {
            held.release();
        }
        segments++;
        report.progress(progress());
    }

    /** Waits until the bytes read so far are within the rate. */
    private void keepToRate() {
        if (bytesPerSecond == Long.MAX_VALUE) {
            return;
        }
        long dueMs = beganMs + (long) (bytes * 1000.0 / bytesPerSecond);
        while (clock.millis() < dueMs && report.isWanted()) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void damage(LocalLog log, Segment segment, int position, String text) {
        damages++;
        report.damage(log.id(), segment.path(), position, text);
    }
}
