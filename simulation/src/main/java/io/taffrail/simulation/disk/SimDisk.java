package io.taffrail.simulation.disk;

import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.disk.DiskFile;
import io.taffrail.simulation.disk.Folder.Entry;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.PowerCut;
import io.taffrail.simulation.world.Trace;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An in-memory file system that can lose power at any operation. Only forced data is sure to
 * survive: the content of a file by forcing the file, its name by forcing its folder.
 */
public final class SimDisk implements Disk {

    /** Called during operations that may take long; may run other simulated threads. */
    public interface Slowness {
        void during(String file);
    }

    private final Folder root = new Folder();
    private final Set<Path> locks = new HashSet<>();
    private final Dice dice;
    private final Trace trace;
    private final Faults faults;
    private Slowness slowness = file -> {};
    private int inodes;
    private long capacityBytes = Long.MAX_VALUE;
    private long usedBytes;
    private long operations;
    private long dieAt = Long.MAX_VALUE;
    private long failAt = Long.MAX_VALUE;
    private long fullFrom = Long.MAX_VALUE;
    private long roomFrom = Long.MAX_VALUE;
    private boolean dead;
    private boolean failed;
    private boolean beenFull;
    private boolean excused;
    private Runnable onFailure = () -> {};

    public SimDisk(Dice dice, Trace trace) {
        this.dice = dice;
        this.trace = trace;
        this.faults = new Faults(dice.split());
        root.link("sim", new Entry(null, new Folder()));
        root.force();
    }

    public Faults faults() {
        return faults;
    }

    public void slowness(Slowness value) {
        slowness = value;
    }

    /** Number of operations so far, over all lives of the machine. */
    public long operations() {
        return operations;
    }

    /** Fails the operation with this number, or the next one that can fail; once. */
    public void failAt(long operation) {
        failAt = operation;
    }

    /**
     * Fills the disk from the operation with this number on, for {@code forOperations} operations.
     */
    public void fullAt(long operation, int forOperations) {
        fullFrom = operation;
        roomFrom = operation + forOperations;
    }

    /** Lets the machine die with the operation of this number. */
    public void dieAt(long operation) {
        dieAt = operation;
    }

    public boolean isDead() {
        return dead;
    }

    /** True if an operation or another component was made to fail in this life of the machine. */
    public boolean hasFailed() {
        return failed || excused;
    }

    /** Sets a listener to the failures of operations in this life. */
    public void onFailure(Runnable listener) {
        onFailure = listener;
    }

    /** True if no operation failed in this life. */
    public boolean isSound() {
        return !failed;
    }

    /** Notes that a component other than the disk was made to fail in this life. */
    public void excuse() {
        excused = true;
    }

    /** True if the disk was full for some operation in this life. */
    public boolean hasBeenFull() {
        return beenFull;
    }

    /** Lets the machine die now, between two operations. */
    public void die() {
        dead = true;
    }

    /** Limits the disk to {@code moreBytes} further bytes, until the next call. */
    public void limitTo(long moreBytes) {
        capacityBytes = moreBytes == Long.MAX_VALUE ? moreBytes : usedBytes + moreBytes;
    }

    public boolean isLimited() {
        return capacityBytes != Long.MAX_VALUE;
    }

    /** Kills the process, whose writes stay in the page cache, and begins the next life. */
    public void processKilled() {
        trace.event("killed", "", operations, 0);
        revive();
    }

    /**
     * Cuts the power, where unforced data survives as the dice decide, and begins the next life.
     */
    public void powerCut(Survival survival) {
        trace.event("power cut", survival.name(), operations, 0);
        root.powerCut(dice, survival);
        usedBytes = files().stream().mapToLong(it -> it.inode.size()).sum();
        revive();
    }

    private void revive() {
        dead = false;
        failed = false;
        onFailure = () -> {};
        excused = false;
        beenFull = false;
        dieAt = Long.MAX_VALUE;
        failAt = Long.MAX_VALUE;
        fullFrom = Long.MAX_VALUE;
        roomFrom = Long.MAX_VALUE;
        capacityBytes = Long.MAX_VALUE;
        faults.heal();
        locks.clear();
    }

    /** A file and its path. */
    public record Found(Path path, Inode inode) {

        /** Size in bytes. */
        public int size() {
            return inode.size();
        }

        /** The content as a program would read it. */
        public byte[] bytes() {
            byte[] bytes = new byte[inode.size()];
            inode.read(java.nio.ByteBuffer.wrap(bytes), 0);
            return bytes;
        }

        /** Flips one bit. */
        public void flip(int position, int bit) {
            inode.flip(position, bit);
        }
    }

    /** All files, ordered by path. */
    public List<Found> files() {
        List<Found> found = new ArrayList<>();
        collect(Path.of("/"), root, found);
        return found;
    }

    private static void collect(Path path, Folder folder, List<Found> into) {
        for (Map.Entry<String, Entry> entry : folder.entries().entrySet()) {
            Path at = path.resolve(entry.getKey());
            Folder inner = entry.getValue().folder();
            if (inner != null) {
                collect(at, inner, into);
            }
            Inode file = entry.getValue().file();
            if (file != null) {
                into.add(new Found(at, file));
            }
        }
    }

    /** Called by every operation: the machine may die, or the disk may become full. */
    void operation(String what, String file, long a, long b) throws IOException {
        if (dead) {
            throw new PowerCut();
        }
        trace.event(what, file, a, b);
        if (++operations >= dieAt) {
            dead = true;
            throw new PowerCut();
        }
        if (operations == fullFrom) {
            limitTo(0);
        } else if (operations == roomFrom) {
            limitTo(Long.MAX_VALUE);
        }
    }

    private void operation(String what, Path path) throws IOException {
        operation(what, label(path), 0, 0);
        if (failsNow()) {
            throw Faults.inputOutput(path.toString());
        }
    }

    /** True if the machine will die with the next operation. */
    boolean isLast() {
        return operations + 1 >= dieAt;
    }

    boolean failsNow() {
        boolean hit = operations >= failAt || faults.hit();
        if (operations >= failAt) {
            failAt = Long.MAX_VALUE;
        }
        failed |= hit;
        if (hit) {
            onFailure.run();
        }
        return hit;
    }

    Dice dice() {
        return dice;
    }

    void slow(String file) {
        slowness.during(file);
    }

    void requireRoom(String path, long moreBytes) throws IOException {
        if (usedBytes + moreBytes > capacityBytes) {
            beenFull = true;
            throw Faults.full(path);
        }
    }

    void used(long moreBytes) {
        usedBytes += moreBytes;
    }

    /** Returns the path for the trace without the random names of journal files. */
    static String label(Path path) {
        String name = path.getFileName() == null ? "/" : path.getFileName().toString();
        return name.endsWith(".journal") ? "*.journal" : path.toString();
    }

    private @Nullable Folder folder(Path path) {
        Folder at = root;
        for (Path name : path) {
            Entry entry = at.get(name.toString());
            if (entry == null || entry.folder() == null) {
                return null;
            }
            at = entry.folder();
        }
        return at;
    }

    private Folder parent(Path path) throws IOException {
        Path parent = path.getParent();
        Folder folder = parent == null ? null : folder(parent);
        if (folder == null) {
            throw new NoSuchFileException(path.toString());
        }
        return folder;
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    @Override
    public DiskFile openOrCreate(Path path) throws IOException {
        operation("open or create", path);
        Folder parent = parent(path);
        Entry entry = parent.get(name(path));
        if (entry == null) {
            requireRoom(path.toString(), 1);
            entry = new Entry(new Inode(++inodes), null);
            parent.link(name(path), entry);
        }
        return open(path, entry);
    }

    @Override
    public DiskFile open(Path path) throws IOException {
        operation("open", path);
        Entry entry = parent(path).get(name(path));
        if (entry == null) {
            throw new NoSuchFileException(path.toString());
        }
        return open(path, entry);
    }

    private DiskFile open(Path path, Entry entry) throws FileSystemException {
        Inode file = entry.file();
        if (file == null) {
            throw new FileSystemException(path.toString(), null, "Is a directory");
        }
        return new SimFile(this, label(path), file);
    }

    @Override
    public boolean exists(Path path) {
        if (dead) {
            throw new PowerCut();
        }
        try {
            return path.getParent() == null || parent(path).get(name(path)) != null;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public boolean isFolder(Path path) {
        if (dead) {
            throw new PowerCut();
        }
        return folder(path) != null;
    }

    /** Lists files in the order of their creation, so that random names have no effect. */
    @Override
    public List<String> list(Path path) throws IOException {
        operation("list", path);
        Folder folder = folder(path);
        if (folder == null) {
            return List.of();
        }
        List<Map.Entry<String, Entry>> entries = new ArrayList<>(folder.entries().entrySet());
        entries.sort((a, b) -> {
            Inode first = a.getValue().file();
            Inode second = b.getValue().file();
            return first == null || second == null
                    ? a.getKey().compareTo(b.getKey())
                    : Integer.compare(first.number(), second.number());
        });
        return entries.stream().map(Map.Entry::getKey).toList();
    }

    @Override
    public void createDirectories(Path path) throws IOException {
        operation("mkdir", path);
        Folder at = root;
        for (Path name : path) {
            Entry entry = at.get(name.toString());
            if (entry == null) {
                requireRoom(path.toString(), 1);
                entry = new Entry(null, new Folder());
                at.link(name.toString(), entry);
            }
            if (entry.folder() == null) {
                throw new FileSystemException(path.toString(), null, "Not a directory");
            }
            at = entry.folder();
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        operation("delete", path);
        if (!exists(path)) {
            return;
        }
        Folder parent = parent(path);
        Entry entry = parent.get(name(path));
        if (entry == null) {
            return;
        }
        if (entry.folder() != null && !entry.folder().entries().isEmpty()) {
            throw new FileSystemException(path.toString(), null, "Directory not empty");
        }
        parent.unlink(name(path));
        if (entry.file() != null) {
            used(-entry.file().size());
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        operation("rename", from);
        Folder folder = parent(from);
        if (folder.get(name(from)) == null) {
            throw new NoSuchFileException(from.toString());
        }
        if (!folder.equals(parent(to))) {
            throw new FileSystemException(from.toString(), to.toString(), "Not in one folder");
        }
        Entry replaced = folder.get(name(to));
        if (replaced != null && replaced.file() != null) {
            used(-replaced.file().size());
        }
        folder.rename(name(from), name(to));
    }

    @Override
    public Optional<Closeable> lock(Path path) throws IOException {
        operation("lock", path);
        openOrCreate(path).close();
        return locks.add(path) ? Optional.of(() -> locks.remove(path)) : Optional.empty();
    }

    @Override
    public long usableBytes(Path folder) {
        return Math.max(0, capacityBytes - usedBytes);
    }

    @Override
    public void forceDirectory(Path path) throws IOException {
        slow(label(path));
        operation("force names", path);
        Folder folder = folder(path);
        if (folder == null) {
            throw new NoSuchFileException(path.toString());
        }
        folder.force();
    }
}
