package io.taffrail.log.local.journal;

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
            bytes = JournalLayout.allocate(INITIAL_BYTES);
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

    /** A place for an entry of {@code length} bytes after its kind and id. */
    ByteBuffer entry(byte kind, byte[] id, int length) {
        int needed = 3 + id.length + length;
        if (bytes.remaining() < needed) {
            grow(needed);
        }
        count++;
        return bytes.put(kind).putShort((short) id.length).put(id);
    }

    private void grow(int needed) {
        long wanted = Math.max(bytes.capacity() * 2L,
                (long) bytes.position() + needed + JournalLayout.BLOCK);
        ByteBuffer larger = JournalLayout
                .allocate(Math.toIntExact(JournalLayout.roundUp(wanted)));
        bytes = larger.put(bytes.flip());
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
            background.execute(() -> told.forEach(it -> complete(it, failed)));
        }
    }

    private void tell(Owner owner, List<JournalMember> told, @Nullable Throwable failed) {
        long group = sequence;
        try {
            owner.execute(() -> {
                for (JournalMember member : told) {
                    if (failed == null) {
                        member.durable(group);
                    } else {
                        member.failed(failed);
                    }
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
