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
 * Entries gathered for one write. One group is being filled while the other is being written; both
 * keep their memory.
 * Filled under the journal's lock, written by the journal's thread.
 */
final class Group {

    private static final int INITIAL_BYTES = 128 << 10;
    private static final int KEPT_BYTES = 8 << 20;
    /** A group grows by doubling up to this, then in steps of it: less is taken and not used. */
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

    /** Bytes that an entry takes of which {@code length} follow its kind and id. */
    static int entryBytes(byte[] id, int length) {
        return 3 + id.length + length;
    }

    /** A place for an entry of {@code length} bytes after its kind and id. */
    ByteBuffer entry(byte kind, byte[] id, int length) {
        if (!ensure(entryBytes(id, length))) {
            throw new OutOfMemoryError("no direct memory for a group of the journal of "
                    + bytes.position() + " bytes");
        }
        count++;
        return bytes.put(kind).putShort((short) id.length).put(id);
    }

    /**
     * Makes room for so many more bytes of entries, which then cannot fail for want of it.
     *
     * @return false, and nothing has changed, if the process has no direct memory left, or a group
     *         would become larger than a buffer can be
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

    /** How full a group was at a moment. */
    record Mark(int position, int count, int members) {}

    Mark mark() {
        return new Mark(bytes.position(), count, members.size());
    }

    /** Takes out what was added since the mark was made: nothing of it will be written. */
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

    /** The group as it goes to disk, padded to whole blocks. */
    ByteBuffer sealed(long file) {
        int end = bytes.position();
        JournalLayout.seal(bytes, end, count, sequence, file);
        return bytes.limit((int) JournalLayout.roundUp(end)).position(0);
    }

    /**
     * Tells each member, on its owner's thread, and whoever waits, on a background thread, that the
     * group is durable, or why it is not.
     */
    void tell(@Nullable Throwable failed, Executor background) {
        if (!members.isEmpty()) {
            Owner first = members.getFirst().owner();
            if (members.stream().allMatch(it -> it.owner().equals(first))) {
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
            // The owner has stopped, and with it everybody who waited on it.
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
