package io.taffrail.log.local.segment;

import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.disk.DiskFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The open segment files of an engine, limited in number. Handles are reference counted: an evicted
 * file stays open until its last holder releases it, so the limit may be exceeded for that time.
 * Eviction uses the second-chance algorithm. Thread-safe.
 */
public final class OpenFiles {

    private final Disk disk;
    private final int limit;
    private final ConcurrentLinkedQueue<Handle> handles = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();

    /**
     * @param limit
     *            largest number of open files, at least 1
     */
    public OpenFiles(Disk disk, int limit) {
        this.disk = disk;
        this.limit = limit;
    }

    public Disk disk() {
        return disk;
    }

    /** Opens a file. The handle starts with two references: the segment's and the caller's. */
    Handle open(Segment segment, Path path, boolean create) throws IOException {
        Handle handle = new Handle(segment, create ? disk.openOrCreate(path) : disk.open(path));
        handles.add(handle);
        if (open.incrementAndGet() > limit) {
            evict();
        }
        return handle;
    }

    private void evict() {
        for (int tries = 2 * limit; tries > 0 && open.get() > limit; tries--) {
            Handle handle = handles.poll();
            if (handle == null) {
                return;
            }
            if (handle.closed()) {
                continue;
            }
            if (handle.used) {
                handle.used = false;
                handles.add(handle);
            } else {
                handle.segment.evict(handle);
            }
        }
    }

    /** One open file of a segment. */
    public final class Handle {

        private final Segment segment;
        private final DiskFile file;
        private final AtomicInteger holds = new AtomicInteger(2);
        private volatile boolean used = true;

        private Handle(Segment segment, DiskFile file) {
            this.segment = segment;
            this.file = file;
        }

        DiskFile file() {
            return file;
        }

        /** The channel for {@code sendfile}; empty if the disk has none. */
        public Optional<FileChannel> channel() {
            return file.channel();
        }

        /** Reads a part of the file into a new buffer. */
        public ByteBuffer read(long position, int length) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(length);
            file.read(bytes, position);
            return bytes.flip();
        }

        private boolean closed() {
            return holds.get() == 0;
        }

        /** Adds a reference; false if the file is already closed. */
        boolean hold() {
            int now = holds.get();
            while (now > 0) {
                if (holds.compareAndSet(now, now + 1)) {
                    used = true;
                    return true;
                }
                now = holds.get();
            }
            return false;
        }

        /** Drops a reference; the last one closes the file. */
        public void release() {
            if (holds.decrementAndGet() == 0) {
                open.decrementAndGet();
                try {
                    file.close();
                } catch (IOException e) {
                    throw new UncheckedIOException("closing " + segment.path(), e);
                }
            }
        }
    }
}
