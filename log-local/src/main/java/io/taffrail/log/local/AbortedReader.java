package io.taffrail.log.local;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.MalformedBatchException;
import io.taffrail.log.local.segment.AbortedIndex;
import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.spi.AbortedTransaction;
import io.taffrail.log.state.AbortedScan;
import io.taffrail.log.state.AbortedSearch;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reader of a log's aborted transactions, over immutable views. Thread-safe. Reads the indexes
 * of the segments from the one that holds the first offset on, until all later transactions begin
 * behind the range. A damaged index is made again by a scan of the log up to the end of its
 * segment, on the calling thread; if that fails, so does the read.
 */
final class AbortedReader {

    private static final Logger LOG = LoggerFactory.getLogger(AbortedReader.class);
    private static final int STALE_VIEWS = 3;

    private final LogId id;
    private final Supplier<LogView> views;
    /** The last failure that was logged. */
    private final AtomicReference<String> told = new AtomicReference<>("");

    AbortedReader(LogId id, Supplier<LogView> views) {
        this.id = id;
        this.views = views;
    }

    /** As {@link io.taffrail.log.spi.ReadableLog#abortedTransactions(long, long, int)}. */
    List<AbortedTransaction> between(long from, long upTo, int most) {
        NoSuchFileException gone = new NoSuchFileException(id.value());
        for (int tries = 0; tries <= STALE_VIEWS; tries++) {
            LogView view = views.get();
            try {
                return search(view.segments(), new AbortedSearch(
                        Math.max(from, view.startOffset()), upTo, most), view.indexFor(from));
            } catch (NoSuchFileException e) {
                // Retention or compaction removed a segment between taking the view and reading.
                gone = e;
            } catch (IOException | LogFailedException | MalformedBatchException e) {
                throw unreadable(e);
            }
        }
        throw unreadable(gone);
    }

    private LogFailedException unreadable(Exception cause) {
        String detail = "the aborted transactions of " + id + " cannot be read: " + cause;
        if (cause instanceof NoSuchFileException) {
            LOG.debug("{}", detail, cause);
        } else if (!detail.equals(told.getAndSet(detail))) {
            LOG.error("LOG-008 {} cannot be read by readers of committed records: {}", id, detail,
                    cause);
        }
        return new LogFailedException(detail, cause);
    }

    private static List<AbortedTransaction> search(Segment[] segments, AbortedSearch search,
            int first) throws IOException {
        boolean goesOn = true;
        for (int i = first; i < segments.length && goesOn; i++) {
            goesOn = search(segments, i, search);
        }
        return search.found();
    }

    private static boolean search(Segment[] segments, int index, AbortedSearch search)
            throws IOException {
        AbortedIndex aborted = segments[index].aborted();
        if (aborted.count() == 0) {
            return true;
        }
        return aborted.search(search, end(segments, index),
                reason -> scan(segments, index, reason));
    }

    private static long end(Segment[] segments, int index) {
        return index + 1 < segments.length ? segments[index + 1].baseOffset() : Long.MAX_VALUE;
    }

    /**
     * Makes the indexes again that were not written with their segments: compactions in the journal
     * of a directory of format 1.0. Called at a start. A segment that is damaged is left to the
     * readers.
     */
    static void makeUnknown(LogId id, Segment[] segments) {
        for (int i = 0; i < segments.length; i++) {
            if (segments[i].aborted().count() == AbortedIndex.UNKNOWN) {
                try {
                    var _ = search(segments, i, new AbortedSearch(Long.MAX_VALUE, 0, 0));
                } catch (IOException | LogFailedException | MalformedBatchException e) {
                    LOG.warn("SEG-005 the aborted transactions of {} cannot be found in {}: {}", id,
                            segments[i].path(), e.toString());
                }
            }
        }
    }

    /**
     * Scans the log for the transactions whose markers are in a segment. Their first batches may be
     * in any earlier segment.
     */
    private static AbortedIndex.Made scan(Segment[] segments, int index, IOException reason)
            throws IOException {
        Segment wanted = segments[index];
        if (wanted.isDeleted()) {
            throw new NoSuchFileException(wanted.path().toString(), null, "deleted");
        }
        if (wanted.aborted().count() != AbortedIndex.UNKNOWN) {
            LOG.warn("SEG-004 {}; it is made again from the log", reason.getMessage());
        }
        AbortedScan scan = new AbortedScan();
        List<AbortedTransaction> found = new ArrayList<>();
        long[] end = {wanted.baseOffset()};
        for (int i = 0; i <= index; i++) {
            boolean last = i == index;
            segments[i].walk(segments[i].sizeBytes(), (batch, _) -> {
                scan.next(batch, 0).filter(_ -> last).ifPresent(found::add);
                if (last) {
                    end[0] = BatchHeader.lastOffset(batch, 0) + 1;
                }
            });
        }
        return new AbortedIndex.Made(found, end[0]);
    }
}
