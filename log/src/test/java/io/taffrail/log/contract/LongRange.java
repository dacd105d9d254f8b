package io.taffrail.log.contract;

import java.util.List;
import java.util.stream.LongStream;

/** Offsets from one to below another. */
final class LongRange {

    private LongRange() {}

    static List<Long> of(long from, long upTo) {
        return LongStream.range(from, upTo).boxed().toList();
    }
}
