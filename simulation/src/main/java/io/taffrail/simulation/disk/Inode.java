package io.taffrail.simulation.disk;

import io.taffrail.simulation.world.Dice;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A file without its name: the content that programs see, the content of the platter, and the
 * sectors that differ. The disk writes a sector as a whole.
 */
final class Inode {

    static final int SECTOR = 512;

    private final int number;
    private byte[] cached = new byte[0];
    private byte[] platter = new byte[0];
    private int cachedSize;
    private int platterSize;
    /** Sectors written since the last force. */
    private final BitSet dirty = new BitSet();

    Inode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    int size() {
        return cachedSize;
    }

    int platterSize() {
        return platterSize;
    }

    boolean isDirty() {
        return !dirty.isEmpty() || cachedSize != platterSize;
    }

    void write(ByteBuffer source, int position) {
        int end = position + source.remaining();
        cached = room(cached, end);
        if (position > cachedSize) {
            // The hole reads as zeros, whatever the platter has there.
            dirty.set(cachedSize / SECTOR, position / SECTOR + 1);
        }
        cachedSize = Math.max(cachedSize, end);
        source.get(cached, position, source.remaining());
        if (end > position) {
            dirty.set(position / SECTOR, (end + SECTOR - 1) / SECTOR);
        }
    }

    private static byte[] room(byte[] bytes, int size) {
        return size <= bytes.length
                ? bytes
                : Arrays.copyOf(bytes, Math.max(size, bytes.length + bytes.length / 2));
    }

    int read(ByteBuffer target, long position) {
        int count = (int) Math.max(0, Math.min(target.remaining(), cachedSize - position));
        if (count > 0) {
            target.put(cached, (int) position, count);
        }
        return count;
    }

    void truncate(long size) {
        if (size < cachedSize) {
            Arrays.fill(cached, (int) size, cachedSize, (byte) 0);
            int from = (int) ((size + SECTOR - 1) / SECTOR);
            dirty.clear(from, Math.max(from, dirty.length()));
            if (size % SECTOR != 0) {
                dirty.set((int) (size / SECTOR));
            }
            cachedSize = (int) size;
        }
    }

    /** Writes everything to the platter. */
    void force() {
        dirty.stream().forEach(this::persist);
        dirty.clear();
        resizePlatter(cachedSize);
    }

    /**
     * Fails a force: some sectors reach the platter; the rest counts as clean although it did
     * not (as on Linux).
     */
    void forceFailing(Dice dice) {
        dirty.stream().filter(it -> dice.flip()).forEach(this::persist);
        dirty.clear();
        if (dice.flip()) {
            resizePlatter(cachedSize);
        }
    }

    private void persist(int sector) {
        int from = sector * SECTOR;
        int to = Math.min(from + SECTOR, cachedSize);
        if (to > from) {
            platter = room(platter, to);
            System.arraycopy(cached, from, platter, from, to - from);
        }
    }

    private void resizePlatter(int size) {
        platter = room(platter, size);
        if (size < platterSize) {
            Arrays.fill(platter, size, platterSize, (byte) 0);
        }
        platterSize = size;
    }

    /** Cuts the power: unforced sectors survive as the dice decide. */
    void powerCut(Dice dice, Survival survival) {
        if (isDirty()) {
            for (int sector = dirty.nextSetBit(0); sector >= 0; sector = dirty
                    .nextSetBit(sector + 1)) {
                switch (survival.ofSector(dice)) {
                    case LOST -> {
                    }
                    case KEPT -> persist(sector);
                    case GARBAGE -> {
                        // The disk writes a sector as a whole; only a sector without earlier
                        // content may be garbage.
                        boolean fresh = sector * SECTOR >= platterSize;
                        persist(sector);
                        if (fresh) {
                            garble(sector, dice);
                        }
                    }
                }
            }
            if (cachedSize != platterSize && survival.keepsSize(dice)) {
                resizePlatter(cachedSize);
            }
        }
        // Bytes behind the surviving size are no longer part of the file.
        if (platter.length > platterSize) {
            Arrays.fill(platter, platterSize, platter.length, (byte) 0);
        }
        cached = platter.clone();
        cachedSize = platterSize;
        dirty.clear();
    }

    private void garble(int sector, Dice dice) {
        int from = sector * SECTOR;
        int to = Math.min(from + SECTOR, cachedSize);
        for (int i = from; i < to; i++) {
            platter[i] = (byte) dice.any();
        }
    }

    /** Flips a bit, as decay of the medium would. */
    void flip(int position, int bit) {
        byte flipped = (byte) (cached[position] ^ 1 << bit);
        cached[position] = flipped;
        if (position < platterSize) {
            platter[position] = flipped;
        }
    }
}
