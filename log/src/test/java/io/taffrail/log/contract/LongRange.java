package io.taffrail.log.contract;

import java.util.List;
import java.util.stream.LongStream;

/** The numbers from a lower bound (inclusive) to an upper bound (exclusive). */
final class LongRange {

    private LongRange() {}

    static List<Long> of(long from, long upTo) {
        return LongStream.range(from, upTo).boxed().toList();
    }
}
