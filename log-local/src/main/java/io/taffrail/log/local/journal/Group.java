package io.taffrail.log.local.journal;

import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.Owner;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entries of one journal write. One group is filled while the other is written; both keep their
 * memory. Filled under the journal's lock, written by the journal's thread.
 */
final class Group {

    private static final int INITIAL_BYTES = 128 << 10;
    private static final int KEPT_BYTES = 8 << 20;
    /**
     * A group's buffer doubles until it grows by this many bytes, then grows in such steps, which
     * limits unused memory.
     */
    private static final int GROWTH_BYTES = 32 << 20;
    private static final long NO_GROUP = 0;
    private static final Logger LOG = LoggerFactory.getLogger(Group.class);

    private ByteBuffer bytes = JournalLayout.allocate(INITIAL_BYTES);
    private final List<JournalMember> members = new ArrayList<>();
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private int count;
    private long sequence;

    Group() {
        bytes.position(JournalLayout.GROUP_HEADER);
    }

    void begin(long newSequence) {
        if (bytes.capacity() > KEPT_BYTES) {
            ByteBuffer smaller = JournalLayout.tryAllocate(INITIAL_BYTES);
            bytes = smaller != null ? smaller : bytes;
        }
        bytes.clear().position(JournalLayout.GROUP_HEADER);
        members.clear();
        waiting.clear();
        count = 0;
        sequence = newSequence;
    }

    boolean isEmpty() {
        return count == 0;
    }

    long sequence() {
        return sequence;
    }

    int sizeBytes() {
        return bytes.position();
    }

    List<JournalMember> members() {
        return members;
    }

    List<CompletableFuture<Void>> waiting() {
        return waiting;
    }

    /** Size of an entry with {@code length} bytes after kind and id. */
    static int entryBytes(byte[] id, int length) {
        return 3 + id.length + length;
    }

    /**
     * Adds the start of an entry; the caller must put exactly {@code length} bytes into the
     * returned buffer.
     */
    ByteBuffer entry(byte kind, byte[] id, int length) {
        if (!ensure(entryBytes(id, length))) {
            throw new OutOfMemoryError("no direct memory for a group of the journal of "
                    + bytes.position() + " bytes");
        }
        count++;
        return bytes.put(kind).putShort((short) id.length).put(id);
    }

    /**
     * Ensures room for {@code needed} more bytes of entries, which then cannot fail
     * for lack of memory.
     *
     * @return false, with nothing changed, if the process has no direct memory left, or if
     *         the group would exceed the largest possible buffer
     */
    boolean ensure(long needed) {
        if (bytes.remaining() >= needed) {
            return true;
        }
        long least = bytes.position() + needed + JournalLayout.BLOCK;
        long wanted = JournalLayout.roundUp(Math.max(least,
                Math.min(bytes.capacity() * 2L, bytes.capacity() + (long) GROWTH_BYTES)));
        if (wanted > Integer.MAX_VALUE - JournalLayout.BLOCK) {
            return false;
        }
        ByteBuffer larger = JournalLayout.tryAllocate((int) wanted);
        if (larger == null) {
            return false;
        }
        bytes = larger.put(bytes.flip());
        return true;
    }

    /** Fill level of a group, to return to with {@link #rollBack}. */
    record Mark(int position, int count, int members) {}

    Mark mark() {
        return new Mark(bytes.position(), count, members.size());
    }

    /** Removes the entries added since the mark; none of them will be written. */
    void rollBack(Mark mark) {
        bytes.limit(bytes.capacity()).position(mark.position);
        count = mark.count;
        while (members.size() > mark.members) {
            members.removeLast().lastGroup(NO_GROUP);
        }
    }

    void join(JournalMember member) {
        if (member.lastGroup() != sequence) {
            member.lastGroup(sequence);
            members.add(member);
        }
    }

    /** Returns the group's bytes for the disk, padded to whole blocks. */
    ByteBuffer sealed(long file) {
        int end = bytes.position();
        JournalLayout.seal(bytes, end, count, sequence, file);
        return bytes.limit((int) JournalLayout.roundUp(end)).position(0);
    }

    /**
     * Reports the result of the group: to members on their owners' threads, to futures on a
     * background thread.
     *
     * @param failed
     *            the failure; {@code null} if the group is durable
     */
    void tell(@Nullable Throwable failed, Executor background) {
        if (!members.isEmpty()) {
            Owner first = members.getFirst().owner();
            if (haveOwner(first)) {
                tell(first, List.copyOf(members), failed);
            } else {
                Map<Owner, List<JournalMember>> byOwner = new LinkedHashMap<>();
                members.forEach(it -> byOwner.computeIfAbsent(it.owner(), key -> new ArrayList<>())
                        .add(it));
                byOwner.forEach((owner, list) -> tell(owner, list, failed));
            }
        }
        if (!waiting.isEmpty()) {
            List<CompletableFuture<Void>> told = List.copyOf(waiting);
            Runnable telling = () -> told.forEach(it -> Guard.run("JRN-006",
                    "what waited for a group of the journal", () -> complete(it, failed)));
            try {
                background.execute(telling);
            } catch (RejectedExecutionException e) {
                LOG.debug("the engine has stopped without group {}", sequence, e);
                telling.run();
            }
        }
    }

    /**
     * Whether all members have this owner. A loop, because a stream costs more than the rest of
     * {@link #tell} for the usual group of one or two members.
     */
    private boolean haveOwner(Owner owner) {
        for (JournalMember member : members) {
            if (!member.owner().equals(owner)) {
                return false;
            }
        }
        return true;
    }

    private void tell(Owner owner, List<JournalMember> told, @Nullable Throwable failed) {
        long group = sequence;
        try {
            owner.execute(() -> {
                for (JournalMember member : told) {
                    Guard.run("JRN-006", "a log's notice of a group of the journal", () -> {
                        if (failed == null) {
                            member.durable(group);
                        } else {
                            member.failed(failed);
                        }
                    });
                }
            });
        } catch (RejectedExecutionException e) {
            // The owner has stopped, and so have all of its users.
            LOG.debug("nobody is left to be told of group {}", group, e);
        }
    }

    private static void complete(CompletableFuture<Void> future, @Nullable Throwable failed) {
        if (failed == null) {
            future.complete(null);
        } else {
            future.completeExceptionally(failed);
        }
    }
}
