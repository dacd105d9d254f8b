package io.taffrail.log.local.journal;

import io.taffrail.log.Durability;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.guard.FailStop;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.segment.SegmentInfo;
import io.taffrail.log.local.thread.Loop;
import io.taffrail.log.local.thread.Threads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The write-ahead journal. Appenders copy their entries into the group being filled and go on; one
 * thread writes and forces a
 * whole group at a time and then tells each member on its owner's thread. What is appended while a
 * group is being
 * forced makes the next group.
 *
 * <p>
 * A group is atomic over a crash: entries appended between {@link #lock} and {@link #unlock} are
 * all there or none.
 */
public final class Journal {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final byte[] NO_ID = {};
    private static final long EMPTY_GROUPS_BYTES = 2L * JournalLayout.GROUP_HEADER;

    private final JournalFiles files;
    private final long unforcedLimitBytes;
    private final Executor background;
    private final Runnable pressure;
    private final ReentrantLock lock = new ReentrantLock();
    private final Loop loop;
    private Group filling = new Group();
    private Group writing = new Group();
    private boolean idle;
    private boolean memoryShort;
    private boolean wakeDue;
    private boolean closing;
    /** Whether a group waits in {@code writing}; the loop's own. */
    private boolean taken;
    private volatile long writingBytes;
    private volatile long fillingBytes;
    private volatile long durableGroup;
    private long written;
    private volatile long writtenBytes;
    private volatile boolean full;
    private volatile @Nullable LogFailedException failure;
    private Consumer<LogFailedException> failureListener = failed -> {};

    /**
     * @param scan
     *            what replay found; numbering goes on after its last group
     * @param pressure
     *            called when the disk is full, to have a checkpoint release files
     */
    public Journal(Disk disk, Path folder, UUID directory, long fileBytes, long unforcedLimitBytes,
            Executor background, Threads threads,
            JournalScan scan, Runnable pressure) throws IOException {
        this.files = new JournalFiles(disk, folder, directory, fileBytes, background, scan.files());
        this.unforcedLimitBytes = unforcedLimitBytes;
        this.background = background;
        this.pressure = pressure;
        this.durableGroup = scan.lastGroup();
        filling.begin(scan.lastGroup() + 1);
        this.loop = threads.loop("taffrail-journal", this::turn);
    }

    /** Begins a run of entries that go into one group. */
    public void lock() {
        lock.lock();
    }

    /** Ends the run; the outermost wakes the thread, which then finds the lock free. */
    public void unlock() {
        boolean signal = wakeDue && lock.getHoldCount() == 1;
        if (signal) {
            wakeDue = false;
        }
        lock.unlock();
        if (signal) {
            loop.signal();
        }
    }

    /** Has the thread take what was filled, if it waits for that. The lock is held. */
    private void wake() {
        if (idle) {
            idle = false;
            wakeDue = true;
        }
    }

    /** Bytes that a batch takes in a group. */
    public static int appendBytes(byte[] id, int batchBytes) {
        return Group.entryBytes(id, 16 + batchBytes);
    }

    /**
     * Makes room in the group being filled, so that appends of so many bytes made under the same
     * {@link #lock} cannot fail for want of it, and charges them to {@code journal.unforced.bytes}.
     *
     * @return false, and nothing has changed, if that is more than may wait for the disk, if there
     *         is no memory for it, or if nothing is written any more
     */
    public boolean reserve(long bytes) {
        lock();
        try {
            if (failure != null || closing || isOverloadedBy(bytes)) {
                return false;
            }
            boolean room = filling.ensure(bytes);
            if (!room && !memoryShort) {
                LOG.warn("JRN-005 no direct memory for {} bytes more in the journal's group;"
                        + " appends are refused until it has been written", bytes);
            }
            memoryShort = !room;
            return room;
        } finally {
            unlock();
        }
    }

    /**
     * Makes several entries one step: all that {@code entries} adds is in one group, or, if it
     * throws, nothing. The lock is held.
     */
    public void together(Runnable entries) {
        Group group = filling;
        Group.Mark mark = group.mark();
        try {
            entries.run();
        } catch (Throwable e) {
            group.rollBack(mark);
            fillingBytes = group.sizeBytes();
            throw e;
        }
    }

    /** Adds a batch; the member hears of the group that holds it. Returns the group's number. */
    public long append(JournalMember member, byte[] id, long segmentBase, int position,
            ByteBuffer batch) {
        lock();
        try {
            filling.entry(JournalLayout.APPEND, id, 16 + batch.remaining()).putLong(segmentBase)
                    .putInt(position)
                    .putInt(batch.remaining()).put(batch.duplicate());
            filling.join(member);
            fillingBytes = filling.sizeBytes();
            wake();
            return filling.sequence();
        } finally {
            unlock();
        }
    }

    /** Records that a log exists, and how durable it is. */
    public CompletableFuture<Void> open(byte[] id, Durability durability) {
        lock();
        try {
            filling.entry(JournalLayout.OPEN, id, 1).put(JournalLayout.code(durability));
            return waiting();
        } finally {
            unlock();
        }
    }

    public CompletableFuture<Void> trim(byte[] id, long startOffset) {
        lock();
        try {
            filling.entry(JournalLayout.TRIM, id, 8).putLong(startOffset);
            return waiting();
        } finally {
            unlock();
        }
    }

    /**
     * Records that a log is gone.
     *
     * @param group
     *            completes at once with the group that will hold the entry
     */
    public CompletableFuture<Void> delete(byte[] id, CompletableFuture<Long> group) {
        lock();
        try {
            filling.entry(JournalLayout.DELETE, id, 0);
            group.complete(filling.sequence());
            return waiting();
        } finally {
            unlock();
        }
    }

    /**
     * Records that segments that begin from {@code from} to below {@code to} are replaced by
     * others.
     */
    public CompletableFuture<Void> replace(byte[] id, long cleanedTo, long from, long to,
            List<SegmentInfo> infos) {
        lock();
        try {
            ByteBuffer entry = filling.entry(JournalLayout.REPLACE, id,
                    28 + infos.size() * SegmentInfo.BYTES);
            entry.putLong(cleanedTo).putLong(from).putLong(to).putInt(infos.size());
            infos.forEach(it -> it.writeTo(entry));
            return waiting();
        } finally {
            unlock();
        }
    }

    /** Completes when everything appended before this call is durable. */
    public CompletableFuture<Void> barrier() {
        lock();
        try {
            filling.entry(JournalLayout.BARRIER, NO_ID, 0);
            return waiting();
        } finally {
            unlock();
        }
    }

    /** Completes, on a background thread, when the group being filled is durable. */
    private CompletableFuture<Void> waiting() {
        LogFailedException failed = failure;
        if (failed != null || closing) {
            return CompletableFuture.failedFuture(
                    failed != null ? failed : new LogFailedException("the journal is closed"));
        }
        CompletableFuture<Void> future = new CompletableFuture<>();
        filling.waiting().add(future);
        wake();
        return future;
    }

    /** Whether an append may be made now: room, and not too much waiting. */
    public boolean isFull() {
        return full;
    }

    public boolean isOverloaded() {
        return isOverloadedBy(0);
    }

    /** One batch may be larger than the limit; it goes alone. */
    private boolean isOverloadedBy(long bytes) {
        long waiting = unforcedBytes();
        return waiting > EMPTY_GROUPS_BYTES && waiting + bytes > unforcedLimitBytes;
    }

    public @Nullable LogFailedException failure() {
        return failure;
    }

    /** Highest group forced to disk. */
    public long durableGroup() {
        return durableGroup;
    }

    /** The group now being filled: entries made before this call are in it or an earlier one. */
    public long fillingGroup() {
        lock.lock();
        try {
            return filling.sequence();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes waiting to be forced. */
    public long unforcedBytes() {
        return fillingBytes + writingBytes;
    }

    /** Bytes forced since the journal was opened. */
    public long writtenBytes() {
        return writtenBytes;
    }

    /** Files that hold no group after {@code group} may be used again. */
    public void release(long group) throws IOException {
        files.release(group);
        if (full) {
            loop.signal();
        }
    }

    /** Takes what was filled; or forces what was taken and tells who waits for it. */
    private Loop.Next turn() {
        try {
            if (!taken) {
                return takeGroup() ? Loop.Next.AGAIN : closing() ? Loop.Next.END : Loop.Next.SLEEP;
            }
            long bytes = JournalLayout.roundUp(writing.sizeBytes());
            if (!makeRoom(bytes)) {
                if (isClosing()) {
                    giveUp();
                    return Loop.Next.END;
                }
                return Loop.Next.NAP;
            }
            writeGroup(bytes);
            writing.tell(null, background);
            taken = false;
            return Loop.Next.AGAIN;
        } catch (IOException e) {
            fail(e);
            return Loop.Next.END;
        } catch (Throwable e) {
            // Nobody knows what state this left: the process ends, or where it cannot, the journal.
            try {
                throw FailStop.now("the journal's thread failed: " + e, e);
            } catch (Throwable survived) {
                fail(e);
                throw survived;
            }
        }
    }

    private boolean isClosing() {
        lock.lock();
        try {
            return closing;
        } finally {
            lock.unlock();
        }
    }

    /** A stop does not wait for room on the disk. */
    private void giveUp() {
        LogFailedException undone = new LogFailedException(
                "not known to be stored: the disk was full when the broker stopped");
        lock.lock();
        try {
            failure = undone;
            writing.tell(undone, background);
            filling.tell(undone, background);
        } finally {
            lock.unlock();
        }
    }

    private boolean closing() {
        lock.lock();
        try {
            return closing && filling.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Takes the entries that wait to be written; false if there are none. */
    private boolean takeGroup() {
        lock.lock();
        try {
            idle = filling.isEmpty();
            if (idle) {
                return false;
            }
            Group full = filling;
            filling = writing;
            writing = full;
            filling.begin(full.sequence() + 1);
            writingBytes = full.sizeBytes();
            fillingBytes = 0;
            taken = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void writeGroup(long bytes) throws IOException {
        FailStop.require(writing.sequence() == durableGroup + 1, "number of a journal group",
                durableGroup + 1, writing.sequence());
        files.write(writing.sealed(files.currentNumber()));
        durableGroup = writing.sequence();
        written += bytes;
        writtenBytes = written;
        writingBytes = 0;
    }

    /** False while the disk has no room for another file; appends are refused meanwhile. */
    private boolean makeRoom(long bytes) throws IOException {
        try {
            if (files.ensureRoom(bytes, writing.sequence() - 1)) {
                pressure.run();
            }
            if (full) {
                LOG.info("JRN-003 there is room for the journal again");
                full = false;
            }
            return true;
        } catch (IOException e) {
            if (!DiskFull.causedBy(e)) {
                throw e;
            }
            if (!full) {
                LOG.error(
                        "JRN-001 disk full: no room for the journal; appends are refused until there is: {}",
                        e.toString());
            }
            full = true;
            pressure.run();
            return false;
        }
    }

    /** Has this called, once and on the journal's thread, when the journal has failed. */
    public void onFailure(Consumer<LogFailedException> listener) {
        lock.lock();
        try {
            failureListener = listener;
        } finally {
            lock.unlock();
        }
    }

    private void fail(Throwable cause) {
        LogFailedException failed = new LogFailedException(
                "the journal failed; restart to recover: " + cause, cause);
        LOG.error("JRN-004 the journal failed; nothing more is stored until a restart", cause);
        lock.lock();
        try {
            failure = failed;
            closing = true;
            if (taken) {
                writing.tell(failed, background);
            }
            filling.tell(failed, background);
            Guard.run("JRN-007", "the listener of a failed journal",
                    () -> failureListener.accept(failed));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Forces what was appended and stops. On a full disk what waits is given up: nobody was told
     * that it is stored.
     *
     * @param checkpointed
     *            group up to which a checkpoint holds everything: if that is all, the files go
     * @return false if the disk has not answered in time: the thread is left to it, and so are the
     *         files
     */
    public boolean close(long checkpointed, Duration patience) throws IOException {
        lock.lock();
        try {
            closing = true;
        } finally {
            lock.unlock();
        }
        loop.signal();
        if (!loop.join(patience)) {
            return false;
        }
        files.close(durableGroup <= checkpointed);
        return true;
    }
}
