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
 * An ext4 file system of its own in a file, mounted through a loop device. {@link #cutPower} loses
 * what was not forced, as a machine without power does: the kernel's EXT4_IOC_SHUTDOWN without a
 * flush of the log stops all writes at once, and the journal is replayed when it is mounted again.
 * The long {@code commit=} keeps ext4 from forcing everything every five seconds. Of one thread,
 * but for {@link #close}, which waits for a cut to be over.
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
     * Makes and mounts one.
     *
     * @param folder
     *            for its image and its mount point
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

    /** Where the broker keeps its data. */
    public Path dataDir() {
        return mountPoint.resolve("data");
    }

    /** Forces everything, so that a cut hits what the workload wrote, not how the broker began. */
    public void sync() {
        Commands.run(List.of("sync", "-f", mountPoint.toString()));
    }

    /** Cuts the power under a frozen broker, kills it, and mounts what has been left. */
    public synchronized void cutPower(BrokerProcess broker) {
        boolean cut = Posix.ioctl(mountPoint, EXT4_IOC_SHUTDOWN, NO_LOG_FLUSH);
        broker.kill();
        if (!cut) {
            throw new ControlException("EXT4_IOC_SHUTDOWN failed on " + mountPoint);
        }
        unmount();
        mount();
        // That the ballast was deleted may have been lost too.
        empty();
    }

    /** Takes all space that is left. */
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

    /** Gives it back. */
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

    /** The device's numbers as {@code MAJOR:MINOR}. */
    String device() {
        try {
            long number = (long) Files.getAttribute(mountPoint, "unix:dev");
            long major = (number >>> 8) & 0xfff;
            long minor = (number & 0xff) | ((number >>> 12) & 0xfff00);
            return major + ":" + minor;
        } catch (IOException e) {
            throw new ControlException("cannot tell the device of " + mountPoint, e);
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
