package io.taffrail.broker.queue;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Bounds the buffers that the windows of one owner's queues keep from one read to the next. Beyond
 * the bound the windows used least recently let go of theirs; they read once more when their queue
 * goes on. Owner thread only.
 */
public final class ReadRoom {

    /** Part of the heap that the windows of all owners may keep. */
    private static final int HEAP_PART = 16;
    /** Windows used last, which keep what they have: some of them are in use. */
    private static final int IN_USE = 8;

    private final long mostBytes;
    private final Map<ReadWindow, Integer> kept = new LinkedHashMap<>(16, 0.75f, true);
    private long keptBytes;

    /**
     * @param mostBytes
     *            that windows may keep, beside those used last
     */
    public ReadRoom(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** The share of one of so many owners in a sixteenth of the heap. */
    public static ReadRoom ofHeap(int owners) {
        return new ReadRoom(Runtime.getRuntime().maxMemory() / HEAP_PART / owners);
    }

    /** A window reads into a buffer of so many bytes. */
    void keeps(ReadWindow window, int bytes) {
        Integer before = kept.put(window, bytes);
        keptBytes += bytes - (before == null ? 0 : before);
        while (keptBytes > mostBytes && kept.size() > IN_USE) {
            kept.keySet().iterator().next().release();
        }
    }

    /** A window has let go of its buffer. */
    void released(ReadWindow window) {
        Integer bytes = kept.remove(window);
        keptBytes -= bytes == null ? 0 : bytes;
    }

    /** Bytes kept now. */
    long keptBytes() {
        return keptBytes;
    }
}
