package io.taffrail.testkit.fault;

import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The operating system's disk with injected faults. Thread-safe. */
final class FaultyDisk implements Disk {

    /** State of the disk. */
    enum State {
        /** No fault. */
        SOUND,
        /** Less space than the broker requires of publishers, but not full. */
        NEARLY_FULL,
        /** No file can grow. */
        FULL,
        /** The journal can be written but not forced. */
        UNFORCED,
        /** The journal cannot be written. */
        UNWRITABLE
    }

    private final Disk real = Disk.real();
    private final AtomicReference<String> broken = new AtomicReference<>("");
    private final AtomicReference<State> state = new AtomicReference<>(State.SOUND);

    /**
     * Lets the next write to a file whose path contains {@code part} throw an unexpected
     * exception, once.
     */
    void breakWriteOnceTo(String part) {
        broken.set(part);
    }

    void become(State next) {
        state.set(next);
    }

    private DiskFile wrapped(Path path, DiskFile file) {
        return new File(file, path.toString());
    }

    @Override
    public DiskFile openOrCreate(Path path) throws IOException {
        return wrapped(path, real.openOrCreate(path));
    }

    @Override
    public DiskFile open(Path path) throws IOException {
        return wrapped(path, real.open(path));
    }

    @Override
    public DiskFile openUncached(Path path) throws IOException {
        return wrapped(path, real.openUncached(path));
    }

    @Override
    public boolean exists(Path path) {
        return real.exists(path);
    }

    @Override
    public boolean isFolder(Path path) {
        return real.isFolder(path);
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        return real.list(folder);
    }

    @Override
    public void createDirectories(Path folder) throws IOException {
        real.createDirectories(folder);
    }

    @Override
    public void delete(Path path) throws IOException {
        real.delete(path);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        real.rename(from, to);
    }

    @Override
    public Optional<Closeable> lock(Path path) throws IOException {
        return real.lock(path);
    }

    @Override
    public long usableBytes(Path folder) throws IOException {
        return state.get() == State.NEARLY_FULL ? 1 << 20 : real.usableBytes(folder);
    }

    @Override
    public void forceDirectory(Path folder) throws IOException {
        real.forceDirectory(folder);
    }

    private final class File implements DiskFile {

        private final DiskFile file;
        private final String path;
        private final boolean journal;

        File(DiskFile file, String path) {
            this.file = file;
            this.path = path;
            this.journal = path.endsWith(".journal");
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            if (state.get() == State.FULL && position + source.remaining() > file.size()) {
                throw new IOException("No space left on device");
            }
            if (state.get() == State.UNWRITABLE && journal) {
                throw new IOException("Input/output error");
            }
            String part = broken.get();
            if (!part.isEmpty() && path.contains(part) && broken.compareAndSet(part, "")) {
                throw new IllegalStateException("a bug in " + part);
            }
            file.write(source, position);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public void force(boolean metadata) throws IOException {
            if (state.get() == State.UNFORCED && journal) {
                throw new IOException("Input/output error");
            }
            file.force(metadata);
        }

        @Override
        public Optional<FileChannel> channel() {
            return file.channel();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
