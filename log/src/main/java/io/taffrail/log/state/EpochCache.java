package io.taffrail.log.state;

import io.taffrail.log.spi.ReadableLog.EpochEnd;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * The start offset of each leader epoch of a log (KIP-101, KIP-320). Immutable;
 * epochs and start offsets ascend together.
 *
 * @param epochs
 *            leader epochs, ascending
 * @param starts
 *            first offset of the epoch at the same index
 */
record EpochCache(int[] epochs, long[] starts) {

    static final EpochCache EMPTY = new EpochCache(new int[0], new long[0]);

    EpochCache {
        assert ascend(epochs, starts) : Arrays.toString(epochs) + Arrays.toString(starts);
    }

    private static boolean ascend(int[] epochs, long[] starts) {
        boolean ascend = epochs.length == starts.length;
        for (int i = 1; ascend && i < epochs.length; i++) {
            ascend = epochs[i - 1] < epochs[i] && starts[i - 1] <= starts[i];
        }
        return ascend;
    }

    /**
     * Returns a cache in which {@code epoch} begins at {@code startOffset};
     * this cache if the epoch has already begun.
     */
    EpochCache with(int epoch, long startOffset) {
        int count = epochs.length;
        if (count > 0 && epochs[count - 1] >= epoch) {
            return this;
        }
        int[] newEpochs = Arrays.copyOf(epochs, count + 1);
        long[] newStarts = Arrays.copyOf(starts, count + 1);
        newEpochs[count] = epoch;
        newStarts[count] = startOffset;
        return new EpochCache(newEpochs, newStarts);
    }

    /**
     * Returns a cache without the epochs that ended at or below {@code startOffset}.
     * The epoch that contains {@code startOffset} begins there.
     */
    EpochCache trimmedTo(long startOffset) {
        int first = 0;
        while (first + 1 < starts.length && starts[first + 1] <= startOffset) {
            first++;
        }
        if (starts.length == 0 || starts[first] >= startOffset) {
            return this;
        }
        long[] newStarts = Arrays.copyOfRange(starts, first, starts.length);
        newStarts[0] = startOffset;
        return new EpochCache(Arrays.copyOfRange(epochs, first, epochs.length), newStarts);
    }

    Optional<EpochEnd> endOf(int epoch, long endOffset) {
        int count = epochs.length;
        if (count == 0 || epoch < 0 || epoch > epochs[count - 1]) {
            return Optional.empty();
        }
        int higher = 0;
        while (higher < count && epochs[higher] <= epoch) {
            higher++;
        }
        int floor = higher == 0 ? epoch : epochs[higher - 1];
        return Optional.of(new EpochEnd(floor, higher == count ? endOffset : starts[higher]));
    }

    int sizeBytes() {
        return 4 + epochs.length * 12;
    }

    void writeTo(ByteBuffer out) {
        out.putInt(epochs.length);
        for (int i = 0; i < epochs.length; i++) {
            out.putInt(epochs[i]).putLong(starts[i]);
        }
    }

    static EpochCache readFrom(ByteBuffer in) {
        int count = in.getInt();
        int[] epochs = new int[count];
        long[] starts = new long[count];
        for (int i = 0; i < count; i++) {
            epochs[i] = in.getInt();
            starts[i] = in.getLong();
        }
        return count == 0 ? EMPTY : new EpochCache(epochs, starts);
    }
}
