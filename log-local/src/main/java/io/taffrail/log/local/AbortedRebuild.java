package io.taffrail.log.local;

import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.spi.AbortedTransaction;
import java.util.List;

/**
 * Corrections of the indexes of aborted transactions after the state of a log was rebuilt from some
 * offset on. The indexes of compacted segments stay: each was written with its segment.
 */
final class AbortedRebuild {

    private AbortedRebuild() {}

    /**
     * Replaces the entries of markers at or above {@code offset}.
     *
     * @param segments
     *            all segments, in offset order
     * @param aborted
     *            the transactions that ended from there on, in the order of their markers
     */
    static void replaceFrom(List<Segment> segments, long offset,
            List<AbortedTransaction> aborted) {
        for (int i = 0; i < segments.size(); i++) {
            long base = segments.get(i).baseOffset();
            long end = end(segments, i);
            if (segments.get(i).generation() == 0 && end > offset) {
                segments.get(i).aborted().replaceFrom(offset, aborted.stream()
                        .filter(it -> it.lastOffset() >= base && it.lastOffset() < end).toList());
            }
        }
    }

    /** Makes each reader scan the log, because the entries from {@code offset} on are in doubt. */
    static void forgetFrom(List<Segment> segments, long offset) {
        for (int i = 0; i < segments.size(); i++) {
            if (segments.get(i).generation() == 0 && end(segments, i) > offset) {
                segments.get(i).aborted().forget();
            }
        }
    }

    private static long end(List<Segment> segments, int index) {
        return index + 1 < segments.size()
                ? segments.get(index + 1).baseOffset()
                : Long.MAX_VALUE;
    }
}
