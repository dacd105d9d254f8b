package io.taffrail.log.compact;

import io.taffrail.log.config.ByteSize;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The newest offset of each key, in bounded memory: an open-addressing table
 * of 128-bit hashes (MD5) and offsets, 24 bytes a slot. The keys are not kept.
 * Two keys with the same hash would count as one, which becomes likely at 2^64 keys.
 * The table starts small and doubles up to its limit. For a single thread.
 */
public final class OffsetMap {

    /** Result of {@link #get} for an unknown key. */
    public static final long NOT_FOUND = -1;

    private static final int LONGS_A_SLOT = 3;
    private static final int BYTES_A_SLOT = LONGS_A_SLOT * Long.BYTES;
    private static final int FIRST_SLOTS = 1 << 12;
    private static final double LOAD_FACTOR = 0.9;

    private final int maxSlots;
    private final MessageDigest digest;
    private final byte[] hash = new byte[16];
    private final ByteBuffer hashed = ByteBuffer.wrap(hash).order(ByteOrder.LITTLE_ENDIAN);

    /**
     * Three values a slot: high half of the hash, low half, offset + 1;
     * the last is 0 in a free slot.
     */
    private long[] table;
    private int slots;
    private int size;

    /**
     * Creates an empty map whose table grows to at most {@code limit}, but has at least two slots.
     */
    public OffsetMap(ByteSize limit) {
        long most = Math.min(limit.bytes() / BYTES_A_SLOT,
                (Integer.MAX_VALUE - 8) / LONGS_A_SLOT);
        maxSlots = (int) Math.max(2, most);
        slots = Math.min(FIRST_SLOTS, maxSlots);
        table = new long[slots * LONGS_A_SLOT];
        try {
            digest = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    /** Number of keys. */
    public int size() {
        return size;
    }

    /**
     * Stores an offset for a key; the larger offset wins if the key has one.
     *
     * @param key
     *            from position to limit, left unchanged
     * @return false if the key is new and the map is full
     */
    public boolean put(ByteBuffer key, long offset) {
        hash(key);
        int slot = find(hashed.getLong(0), hashed.getLong(8));
        if (table[slot + 2] != 0) {
            table[slot + 2] = Math.max(table[slot + 2], offset + 1);
            return true;
        }
        if (size >= (int) (slots * LOAD_FACTOR)) {
            if (slots == maxSlots) {
                return false;
            }
            grow();
            slot = find(hashed.getLong(0), hashed.getLong(8));
        }
        table[slot] = hashed.getLong(0);
        table[slot + 1] = hashed.getLong(8);
        table[slot + 2] = offset + 1;
        size++;
        return true;
    }

    /** Returns the newest offset of {@code key}, or {@link #NOT_FOUND}. */
    public long get(ByteBuffer key) {
        hash(key);
        return table[find(hashed.getLong(0), hashed.getLong(8)) + 2] - 1;
    }

    private void hash(ByteBuffer key) {
        digest.update(key.duplicate());
        try {
            int length = digest.digest(hash, 0, hash.length);
            assert length == hash.length;
        } catch (java.security.DigestException e) {
            throw new IllegalStateException("an MD5 has 16 bytes", e);
        }
    }

    /**
     * Returns the index of the hash's slot, or of the free slot for it. A free slot always exists.
     */
    private int find(long high, long low) {
        int slot = (int) (((low >>> 32) * slots) >>> 32);
        while (true) {
            int at = slot * LONGS_A_SLOT;
            if (table[at + 2] == 0 || (table[at] == high && table[at + 1] == low)) {
                return at;
            }
            slot = slot + 1 == slots ? 0 : slot + 1;
        }
    }

    private void grow() {
        long[] old = table;
        slots = (int) Math.min(slots * 2L, maxSlots);
        table = new long[slots * LONGS_A_SLOT];
        for (int at = 0; at < old.length; at += LONGS_A_SLOT) {
            if (old[at + 2] != 0) {
                System.arraycopy(old, at, table, find(old[at], old[at + 1]), LONGS_A_SLOT);
            }
        }
    }
}
