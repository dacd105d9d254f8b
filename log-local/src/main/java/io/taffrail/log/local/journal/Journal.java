package io.taffrail.log.local.journal;

import io.taffrail.log.Durability;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.guard.FailStop;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.segment.SegmentInfo;
import io.taffrail.log.local.thread.Loop;
import io.taffrail.log.local.thread.Threads;
import io.taffrail.log.spi.EngineFigures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
 * The write-ahead journal. Appenders copy entries into the group being filled. One thread writes
 * and forces one whole group at a time and then notifies each member on its owner's thread.
 * Entries added during a force form the next group. Thread-safe.
 *
 * <p>
 * A group is atomic over a crash: of the entries added between {@link #lock} and {@link #unlock},
 * all or none survive.
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
    /** True if a group waits in {@code writing}. Loop thread only. */
    private boolean taken;
    private volatile long writingBytes;
    private volatile long fillingBytes;
    private long durableGroup;
    private long written;
    private volatile long writtenBytes;
    private volatile boolean full;
    private volatile CompletableFuture<Void> nextRefusal = new CompletableFuture<>();
    private volatile @Nullable LogFailedException failure;
    /** Measures nothing until {@link #measure}. */
    private volatile ForceTimes times = new ForceTimes(() -> Instant.EPOCH);
    private Consumer<LogFailedException> failureListener = failed -> {};

    /**
     * @param fileBytes
     *            size of a journal file
     * @param unforcedLimitBytes
     *            limit of the bytes that wait to be forced
     * @param scan
     *            result of the replay; group numbers continue after its last group
     * @param pressure
     *            called when the journal has begun another file or the disk is full; requests a
     *            checkpoint, which releases files
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

    /** Begins a series of entries that go into one group. Reentrant. */
    public void lock() {
        lock.lock();
    }

    /** Ends the series. The outermost call wakes the journal's thread after releasing the lock. */
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

    /** Wakes the thread at the next {@link #unlock} if it is idle. Called with the lock held. */
    private void wake() {
        if (idle) {
            idle = false;
            wakeDue = true;
        }
    }

    /** Size of a batch's entry in a group, in bytes. */
    public static int appendBytes(byte[] id, int batchBytes) {
        return Group.entryBytes(id, 16 + batchBytes);
    }

    /**
     * Reserves memory in the group being filled, so that appends of {@code bytes} in
     * total under the same {@link #lock} cannot fail for lack of it. Checks them against
     * {@code journal.unforced.bytes}.
     *
     * @return false, with nothing changed, if the limit or the direct memory does not allow
     *         it, or if the journal has failed or is closing
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
     * Adds several entries atomically: if {@code entries} throws, none of them is added. Called
     * with the lock held.
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

    /**
     * Adds a batch and registers the member for the group's result. The batch is copied. Returns
     * the group's number.
     */
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

    /** Records that a log exists, and its durability. */
    public CompletableFuture<Void> open(byte[] id, Durability durability) {
        lock();
        try {
            filling.entry(JournalLayout.OPEN, id, 1).put(JournalLayout.code(durability));
            return waiting();
        } finally {
            unlock();
        }
    }

    /** Records that a log begins at {@code startOffset}. */
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
     * Records the deletion of a log.
     *
     * @param group
     *            completed at once with the number of the group that contains the entry
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

    /** Records that the segments beginning in {@code [from, to)} are replaced by {@code infos}. */
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

    /** Returns a future that completes when everything appended before this call is durable. */
    public CompletableFuture<Void> barrier() {
        lock();
        try {
            filling.entry(JournalLayout.BARRIER, NO_ID, 0);
            return waiting();
        } finally {
            unlock();
        }
    }

    /**
     * Returns a future that completes on a background thread when the group being
     * filled is durable.
     */
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

    /** True while the disk has no room for the journal. */
    public boolean isFull() {
        return full;
    }

    /**
     * Returns a future that completes when the journal next finds no room on the disk. While the
     * disk is full, the journal tries again and again.
     */
    public CompletableFuture<Void> nextRefusal() {
        return nextRefusal;
    }

    /** True while more bytes wait to be forced than the limit allows. */
    public boolean isOverloaded() {
        return isOverloadedBy(0);
    }

    /** A batch larger than the limit is admitted when no other bytes wait. */
    private boolean isOverloadedBy(long bytes) {
        long waiting = unforcedBytes();
        return waiting > EMPTY_GROUPS_BYTES && waiting + bytes > unforcedLimitBytes;
    }

    /** The failure that ended the journal, or {@code null}. */
    public @Nullable LogFailedException failure() {
        return failure;
    }

    /**
     * Number of the group being filled: entries added before this call are in it or
     * in an earlier one.
     */
    public long fillingGroup() {
        lock.lock();
        try {
            return filling.sequence();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that wait to be forced. */
    public long unforcedBytes() {
        return fillingBytes + writingBytes;
    }

    /** Measures by this clock from now on. */
    public void measure(InstantSource clock) {
        times = new ForceTimes(clock);
    }

    /** Groups forced since the journal is measured, and their times. */
    public EngineFigures.Journal figures() {
        return times.figures(writtenBytes);
    }

    /** Bytes forced since the journal was opened. */
    public long writtenBytes() {
        return writtenBytes;
    }

    /** Releases files without a group after {@code group} for reuse. */
    public void release(long group) throws IOException {
        files.release(group);
        if (full) {
            loop.signal();
        }
    }

    /** Takes the filled group; or forces the taken group and notifies its members. */
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
            // The state is unknown: ends the process, or fails the journal if the process survives.
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

    /** Fails all waiting entries: a stop does not wait for room on the disk. */
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

    /** Takes the group being filled for writing; false if it is empty. */
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
        ForceTimes measured = times;
        Instant begun = measured.now();
        files.write(writing.sealed(files.currentNumber()));
        measured.forced(begun);
        durableGroup = writing.sequence();
        written += bytes;
        writtenBytes = written;
        writingBytes = 0;
    }

    /**
     * Makes room for a group in the files. Returns false if the disk is full; appends are
     * refused meanwhile.
     */
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
            CompletableFuture<Void> refusal = nextRefusal;
            nextRefusal = new CompletableFuture<>();
            refusal.complete(null);
            pressure.run();
            return false;
        }
    }

    /**
     * Registers a listener that is called once, on the journal's thread, when the journal fails.
     */
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
     * Forces the remaining entries and stops the thread. If the disk is full, the remaining entries
     * fail; none was acknowledged.
     *
     * @param checkpointed
     *            group up to which a checkpoint holds every record; if no later group exists,
     *            the files are deleted
     * @param patience
     *            longest wait for the thread
     * @return false if the thread did not end in time: it keeps running, and
     *         the files stay open
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
