package io.taffrail.simulation.disk;

import io.taffrail.log.local.disk.DiskFile;
import io.taffrail.simulation.world.PowerCut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.util.Optional;

/** An open file of the simulated disk. */
final class SimFile implements DiskFile {

    private final SimDisk disk;
    private final String label;
    private final Inode inode;
    private boolean closed;

    SimFile(SimDisk disk, String label, Inode inode) {
        this.disk = disk;
        this.label = label;
        this.inode = inode;
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        requireOpen();
        if (disk.isLast() && source.hasRemaining()) {
            writePart(source.duplicate(), position);
        }
        disk.operation("write", label, position, source.remaining());
        long more = Math.max(0, position + source.remaining() - inode.size());
        disk.requireRoom(label, more);
        if (disk.failsNow()) {
            writePart(source.duplicate(), position);
            throw Faults.inputOutput(label);
        }
        inode.write(source, Math.toIntExact(position));
        disk.used(more);
    }

    /** Writes as many bytes as arrive before a failure. */
    private void writePart(ByteBuffer source, long position) {
        int part = disk.dice().below(source.remaining() + 1);
        long more = Math.max(0, position + part - inode.size());
        disk.used(more);
        inode.write(source.limit(source.position() + part), Math.toIntExact(position));
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        requireOpen();
        if (disk.isDead()) {
            throw new PowerCut();
        }
        if (disk.failsNow()) {
            throw Faults.inputOutput(label);
        }
        return inode.read(target, position);
    }

    @Override
    public long size() throws IOException {
        requireOpen();
        return inode.size();
    }

    @Override
    public void truncate(long size) throws IOException {
        requireOpen();
        disk.operation("truncate", label, size, 0);
        disk.used(Math.min(0, size - inode.size()));
        inode.truncate(size);
    }

    @Override
    public void force(boolean metadata) throws IOException {
        requireOpen();
        disk.slow(label);
        disk.operation("force", label, inode.size(), 0);
        if (disk.failsNow()) {
            inode.forceFailing(disk.dice());
            throw disk.dice().oneIn(4) ? Faults.full(label) : Faults.inputOutput(label);
        }
        inode.force();
    }

    @Override
    public Optional<FileChannel> channel() {
        return Optional.empty();
    }

    @Override
    public void close() {
        closed = true;
    }
}
