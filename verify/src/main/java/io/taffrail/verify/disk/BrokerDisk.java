package io.taffrail.verify.disk;

import io.taffrail.verify.broker.BrokerProcess;
import io.taffrail.verify.broker.Commands;
import io.taffrail.verify.broker.ControlException;
import io.taffrail.verify.broker.Posix;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * An ext4 file system in an image file, mounted through a loop device. Linux only; needs root.
 *
 * <p>
 * {@link #cutPower} loses all writes that were not forced, as a loss of power does.
 * The ioctl {@code EXT4_IOC_SHUTDOWN}, without a flush of ext4's journal, stops all writes at once;
 * the next mount replays that journal. A long {@code commit=} interval keeps ext4
 * from forcing everything every five seconds.
 *
 * <p>
 * For a single thread, except that any thread may call {@link #close}, which waits
 * for a power cut in progress.
 */
public final class BrokerDisk implements AutoCloseable {

    /** {@code _IOR('X', 125, __u32)}. */
    private static final long EXT4_IOC_SHUTDOWN = 0x8004587DL;
    private static final int NO_LOG_FLUSH = 2;
    private static final int COMMIT_SECONDS = 600;
    private static final int UNMOUNT_TRIES = 100;
    private static final long RETRY_NS = 50_000_000;
    private static final int BALLAST_STEP_BYTES = 1 << 20;

    private final Path image;
    private final Path mountPoint;
    private boolean mounted;

    private BrokerDisk(Path image, Path mountPoint) {
        this.image = image;
        this.mountPoint = mountPoint;
    }

    /**
     * Creates a disk and mounts it.
     *
     * @param folder
     *            directory for the image and the mount point
     * @param sizeBytes
     *            size of the disk
     * @throws ControlException
     *             if this is not Linux, the user is not root or a command fails
     */
    public static BrokerDisk create(Path folder, long sizeBytes) {
        if (!System.getProperty("os.name", "").equals("Linux")
                || !"root".equals(System.getProperty("user.name"))) {
            throw new ControlException("power-cut, disk-full and slow-disk mount a disk of their"
                    + " own, which needs Linux and root");
        }
        BrokerDisk disk = new BrokerDisk(folder.resolve("disk.img"), folder.resolve("disk"));
        try (RandomAccessFile file = new RandomAccessFile(disk.image.toFile(), "rw")) {
            file.setLength(sizeBytes);
            Files.createDirectories(disk.mountPoint);
        } catch (IOException e) {
            throw new ControlException("cannot make " + disk.image + ": " + e.getMessage(), e);
        }
        Commands.run(List.of("mkfs.ext4", "-q", "-F", "-m", "0", "-E", "nodiscard",
                disk.image.toString()));
        disk.mount();
        return disk;
    }

    /** The broker's data directory. */
    public Path dataDir() {
        return mountPoint.resolve("data");
    }

    /** Forces the whole file system, so that a power cut affects only later writes. */
    public void sync() {
        Commands.run(List.of("sync", "-f", mountPoint.toString()));
    }

    /** Cuts the power of a frozen broker, kills it, and mounts the file system again. */
    public synchronized void cutPower(BrokerProcess broker) {
        boolean cut = Posix.ioctl(mountPoint, EXT4_IOC_SHUTDOWN, NO_LOG_FLUSH);
        broker.kill();
        if (!cut) {
            throw new ControlException("EXT4_IOC_SHUTDOWN failed on " + mountPoint);
        }
        unmount();
        mount();
        // The deletion of the ballast file may be lost, too.
        empty();
    }

    /** Fills the free space with a ballast file. */
    public void fill() {
        ByteBuffer zeros = ByteBuffer.allocate(BALLAST_STEP_BYTES);
        try (FileChannel ballast = FileChannel.open(ballast(), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            while (true) {
                zeros.clear();
                if (ballast.write(zeros) < BALLAST_STEP_BYTES) {
                    return;
                }
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space left")) {
                throw new ControlException("cannot fill " + mountPoint, e);
            }
        }
    }

    /** Deletes the ballast file. */
    public void empty() {
        try {
            Files.deleteIfExists(ballast());
        } catch (IOException e) {
            throw new ControlException("cannot delete " + ballast(), e);
        }
    }

    private Path ballast() {
        return mountPoint.resolve("ballast");
    }

    /** Returns the device number as {@code MAJOR:MINOR}. */
    String device() {
        try {
            long number = (long) Files.getAttribute(mountPoint, "unix:dev");
            long major = (number >>> 8) & 0xfff;
            long minor = (number & 0xff) | ((number >>> 12) & 0xfff00);
            return major + ":" + minor;
        } catch (IOException e) {
            throw new ControlException("cannot determine the device of " + mountPoint, e);
        }
    }

    private void mount() {
        Commands.run(List.of("mount", "-t", "ext4", "-o", "loop,commit=" + COMMIT_SECONDS,
                image.toString(), mountPoint.toString()));
        mounted = true;
    }

    private void unmount() {
        for (int i = 1; mounted; i++) {
            try {
                Commands.run(List.of("umount", mountPoint.toString()));
                mounted = false;
            } catch (ControlException busy) {
                if (i == UNMOUNT_TRIES) {
                    throw busy;
                }
                LockSupport.parkNanos(RETRY_NS);
            }
        }
    }

    @Override
    public synchronized void close() {
        unmount();
        try {
            Files.deleteIfExists(image);
            Files.deleteIfExists(mountPoint);
        } catch (IOException e) {
            throw new ControlException("cannot delete " + image, e);
        }
    }
}
