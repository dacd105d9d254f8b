package io.taffrail.verify.disk;

import io.taffrail.verify.broker.BrokerProcess;
import io.taffrail.verify.broker.ControlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A control group that limits the broker's write rate: {@code io.max} of cgroup v2,
 * or {@code blkio} of v1. It delays forced writes. With v1, the kernel's later write-back
 * of the page cache is not limited.
 */
public final class Throttle implements AutoCloseable {

    private static final Path V1 = Path.of("/sys/fs/cgroup/blkio");
    private static final Path V2 = Path.of("/sys/fs/cgroup");

    private final Path parent;
    private final Path group;

    private Throttle(Path parent, Path group) {
        this.parent = parent;
        this.group = group;
    }

    /**
     * Limits the broker's writes to {@code bytesPerSecond}.
     *
     * @throws ControlException
     *             if the system does not allow the limit
     */
    public static Throttle start(BrokerDisk disk, BrokerProcess broker, long bytesPerSecond) {
        String name = "taffrail-verify-" + ProcessHandle.current().pid();
        boolean v1 = Files.exists(V1.resolve("cgroup.procs"));
        Path parent = v1 ? V1 : V2;
        Throttle throttle = new Throttle(parent, parent.resolve(name));
        try {
            if (!v1) {
                if (!Files.exists(V2.resolve("cgroup.controllers"))) {
                    throw new ControlException("slow-disk needs control groups with io.max or"
                            + " blkio, which are not mounted here");
                }
                Files.writeString(V2.resolve("cgroup.subtree_control"), "+io");
            }
            Files.createDirectories(throttle.group);
            if (v1) {
                Files.writeString(throttle.group.resolve("blkio.throttle.write_bps_device"),
                        disk.device() + " " + bytesPerSecond);
            } else {
                Files.writeString(throttle.group.resolve("io.max"),
                        disk.device() + " wbps=" + bytesPerSecond);
            }
            for (long pid : broker.pids()) {
                Files.writeString(throttle.group.resolve("cgroup.procs"), Long.toString(pid));
            }
            return throttle;
        } catch (IOException e) {
            throttle.close();
            throw new ControlException("slow-disk cannot limit writes here: " + e.getMessage(), e);
        }
    }

    /** Removes the limit. */
    @Override
    public void close() {
        try {
            if (Files.exists(group)) {
                for (String pid : Files.readAllLines(group.resolve("cgroup.procs"))) {
                    Files.writeString(parent.resolve("cgroup.procs"), pid);
                }
                Files.delete(group);
            }
        } catch (IOException e) {
            throw new ControlException("cannot remove " + group + ": " + e.getMessage(), e);
        }
    }
}
