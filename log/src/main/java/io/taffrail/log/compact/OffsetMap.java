package io.taffrail.log.compact;

import io.taffrail.log.config.ByteSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The newest offset of each key, in bounded memory: an open-addressing table
 * of 128-bit hashes (MD5) and offsets, 24 bytes a slot. The keys are not kept.
 * Two keys with the same hash would count as one, which becomes likely at 2^64 keys.
 *
 * <p>
 * The table is one array, which {@link #reserve} allocates at the size that a round needs, and
 * which never grows. So the map never holds more than its limit, not even for a moment.
 * For a single thread.
 */
public final class OffsetMap {

    /** Result of {@link #get} for an unknown key. */
    public static final long NOT_FOUND = -1;

    private static final int LONGS_A_SLOT = 3;
    private static final int BYTES_A_SLOT = LONGS_A_SLOT * Long.BYTES;
    private static final double LOAD_FACTOR = 0.9;
    private static final long[] NO_TABLE = {};

    private final int maxSlots;
    private final MessageDigest digest;
    private final byte[] hash = new byte[16];
    private final ByteBuffer hashed = ByteBuffer.wrap(hash).order(ByteOrder.LITTLE_ENDIAN);

    /**
     * Three values a slot: high half of the hash, low half, offset + 1;
     * the last is 0 in a free slot.
     */
    private long[] table = NO_TABLE;
    private int slots;
    private int size;

    /**
     * Creates a map without memory; {@link #reserve} must be called before the first key.
     *
     * @param limit
     *            most memory of the table, but at least two slots
     */
    public OffsetMap(ByteSize limit) {
        long most = Math.min(limit.bytes() / BYTES_A_SLOT,
                (Integer.MAX_VALUE - 8) / LONGS_A_SLOT);
        maxSlots = (int) Math.max(2, most);
        try {
            digest = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    /**
     * Empties the map and makes room for {@code mostKeys} keys, or for as many as its limit allows.
     * The present table is used again if it is large enough; otherwise it is given up before the
     * next is allocated.
     *
     * @throws IOException
     *             if there is not enough memory; the map is then without memory
     */
    public void reserve(long mostKeys) throws IOException {
        size = 0;
        long wanted = mostKeys >= maxSlots ? maxSlots : (long) (mostKeys / LOAD_FACTOR) + 2;
        slots = (int) Math.min(wanted, maxSlots);
        int longs = slots * LONGS_A_SLOT;
        if (table.length >= longs) {
            Arrays.fill(table, 0, longs, 0);
            return;
        }
        table = NO_TABLE;
        try {
            table = new long[longs];
        } catch (OutOfMemoryError e) {
            // A large array may not fit although the process has memory for everything else.
            slots = 0;
            throw new IOException("no memory for a table of keys of " + (long) longs * Long.BYTES
                    + " bytes", e);
        }
    }

    /** Gives up the memory of the map. */
    public void release() {
        size = 0;
        slots = 0;
        table = NO_TABLE;
    }

    /** Memory that the table takes, in bytes. */
    public long reservedBytes() {
        return (long) table.length * Long.BYTES;
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
            return false;
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
}
