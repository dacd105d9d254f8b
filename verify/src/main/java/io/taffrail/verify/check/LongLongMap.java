package io.taffrail.verify.check;

import io.taffrail.verify.history.Value;
import java.util.Arrays;

/**
 * A hash map from non-negative {@code long} keys to {@code long} values, without boxing.
 * For a single thread.
 */
final class LongLongMap {

    static final long NONE = Value.NONE;
    private static final int LEAST_SLOTS = 1024;

    private long[] keys = empty(LEAST_SLOTS);
    private long[] values = empty(LEAST_SLOTS);
    private int size;

    /** Returns the value of {@code key}; {@link #NONE} if there is none. */
    long get(long key) {
        return values[slot(keys, key)];
    }

    /** Stores a value unless the key has one; returns the value that the map then has. */
    long putIfAbsent(long key, long value) {
        int slot = slot(keys, key);
        if (keys[slot] == NONE) {
            keys[slot] = key;
            values[slot] = value;
            size++;
            if (size * 2 > keys.length) {
                grow();
                return value;
            }
        }
        return values[slot];
    }

    void clear() {
        keys = empty(LEAST_SLOTS);
        values = empty(LEAST_SLOTS);
        size = 0;
    }

    /** Returns the keys in ascending order. */
    long[] sortedKeys() {
        return Arrays.stream(keys).filter(key -> key != NONE).sorted().toArray();
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldValues = values;
        keys = empty(oldKeys.length * 2);
        values = empty(oldKeys.length * 2);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != NONE) {
                int slot = slot(keys, oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }

    private static long[] empty(int slots) {
        long[] array = new long[slots];
        Arrays.fill(array, NONE);
        return array;
    }

    private static int slot(long[] keys, long key) {
        int mask = keys.length - 1;
        int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & mask;
        while (keys[slot] != key && keys[slot] != NONE) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
