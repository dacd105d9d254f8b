package io.taffrail.simulation.engine;

import io.taffrail.log.Durability;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.simulation.world.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** What one log was asked to keep, over all lives of the machine. */
final class LogModel {

    /** Whether the log exists. */
    enum Existence {
        /** Creation was asked for and not answered. */
        ASKED_FOR,
        /** It must be there. */
        CERTAIN,
        /** Deletion was asked for and not answered. */
        GOING,
        /** It must not be there. */
        GONE
    }

    private final LogId id;
    private final int owner;
    /** Whether its durability is changed now and then. */
    private final boolean changing;
    private final NavigableMap<Long, Written> batches = new TreeMap<>();
    private final List<Producing> producers = new ArrayList<>();
    private LogOptions options;
    private Existence existence = Existence.ASKED_FOR;
    /** End of what was acknowledged as forced: it survives a power cut with all before it. */
    private long forcedEnd;
    /** The log's start is between these two. */
    private long startAtLeast;
    private long startAtMost;
    private long startBefore;
    private boolean lossy;
    private boolean open;

    LogModel(LogId id, LogOptions options, int owner, boolean changing,
            List<Producing> producers) {
        this.id = id;
        this.options = options;
        this.owner = owner;
        this.changing = changing;
        this.producers.addAll(producers);
    }

    LogId id() {
        return id;
    }

    LogOptions options() {
        return options;
    }

    int owner() {
        return owner;
    }

    List<Producing> producers() {
        return producers;
    }

    Existence existence() {
        return existence;
    }

    void existence(Existence value) {
        existence = value;
    }

    boolean isUsable() {
        return existence == Existence.CERTAIN;
    }

    boolean isCompacted() {
        return options.compaction().enabled();
    }

    boolean is(Durability durability) {
        return options.durability() == durability;
    }

    boolean isChanging() {
        return changing;
    }

    /** Whether each of its appends was, and will be, forced before it is acknowledged. */
    boolean isAlwaysForced() {
        return !changing && is(Durability.FSYNC);
    }

    /** Its next appends are to survive more, or less, than the last ones. */
    LogOptions changeDurability() {
        options = options.withDurability(is(Durability.OS) ? Durability.FSYNC : Durability.OS);
        return options;
    }

    /** A batch that ends there was acknowledged as forced. */
    void forced(long end) {
        forcedEnd = Math.max(forcedEnd, end);
    }

    /** All batches that are or may be there, by base offset. */
    NavigableMap<Long, Written> batches() {
        return batches;
    }

    long startAtLeast() {
        return startAtLeast;
    }

    /** The start was moved, or may have been. */
    void startAsked(long offset) {
        startBefore = startAtMost;
        startAtMost = Math.max(startAtMost, offset);
    }

    /** Retention has moved the start, or left it. */
    void startRetained(long offset) {
        startAtMost = Math.max(startBefore, offset);
    }

    /** The start of a log that may lose its last changes. */
    void startWas(long offset) {
        startAtLeast = offset;
        startAtMost = Math.max(startAtMost, offset);
    }

    /** The start was seen, after a restart. */
    void startIs(long offset) {
        if (offset < startAtLeast || offset > startAtMost) {
            throw new Violation("a log's start is where it was put",
                    "%s begins at %d, not between %d and %d".formatted(id, offset, startAtLeast,
                            startAtMost));
        }
        startAtLeast = offset;
        startAtMost = offset;
    }

    void add(Written written) {
        batches.tailMap(written.baseOffset(), true).values().removeIf(Written::isUnsure);
        Map.Entry<Long, Written> last = batches.lastEntry();
        if (last != null && last.getValue().lastOffset() >= written.baseOffset()) {
            throw new Violation("an offset is given once",
                    "%s gave %s after %s".formatted(id, written, last.getValue()));
        }
        batches.put(written.baseOffset(), written);
    }

    /** A batch that may have been stored at an offset that nobody was told. */
    void maybeAdd(Written written) {
        written.unsure();
        batches.putIfAbsent(written.baseOffset(), written);
    }

    /** The log goes on at {@code end}: what was perhaps stored from there on is written over. */
    void goesOnAt(long end) {
        batches.tailMap(end, true).values().removeIf(it -> !it.isSettled());
    }

    /** After a restart: what lies at or behind the end is gone for good. */
    void cutTo(long end) {
        for (Written lost : batches.tailMap(end, true).values()) {
            if (lost.isSettled()) {
                throw new Violation("no acknowledged record is lost",
                        "%s ends at %d and has not %s".formatted(id, end, lost));
            }
        }
        Map.Entry<Long, Written> last = batches.lowerEntry(end);
        if (last != null && last.getValue().lastOffset() >= end && !isAlwaysForced()) {
            // Trimmed to within a batch that was lost: the log goes on from there.
            batches.remove(last.getKey());
        } else if (last != null && last.getValue().lastOffset() >= end) {
            throw new Violation("a batch is whole or absent",
                    "%s ends at %d, within %s".formatted(id, end, last.getValue()));
        }
        batches.tailMap(end, true).clear();
    }

    /**
     * A log that may lose what was not forced: of what nobody relies on, only what is there counts.
     */
    void forgetUnsettled(long from, long end, Set<Long> present) {
        batches.subMap(from, true, end, false).values().removeIf(it -> !it.isSettled()
                && LongStream.rangeClosed(it.baseOffset(), it.lastOffset())
                        .noneMatch(present::contains));
    }

    /**
     * After a power cut that durability {@code os} does not cover: what was acknowledged as forced
     * is there; of the rest, whatever is there now is what counts from now on.
     */
    void adopt(List<StoredBatches.Batch> found, long from) {
        if (open) {
            open = false;
            if (!isCompacted()) {
                requireForced(found, from);
            }
            Map<Long, Written> known = new HashMap<>(batches);
            batches.clear();
            for (StoredBatches.Batch batch : found) {
                Written before = known.get(batch.baseOffset());
                batches.put(batch.baseOffset(), before != null && before.crc() == batch.crc()
                        ? before
                        : Written.found(batch));
            }
        }
    }

    private void requireForced(List<StoredBatches.Batch> found, long from) {
        Map<Long, Integer> checksums = new HashMap<>();
        found.forEach(it -> checksums.put(it.baseOffset(), it.crc()));
        batches.subMap(Math.min(from, forcedEnd), true, forcedEnd, false).forEach((base, batch) -> {
            if (!Objects.equals(checksums.get(base), batch.crc())) {
                throw new Violation("what was acknowledged under fsync survives a power cut",
                        "%s has not %s, forced up to %d".formatted(id, batch, forcedEnd));
            }
        });
    }

    /** Of what is acknowledged as forced nothing may be damaged. */
    void requireReadable(long readableEnd, String damage) {
        if (readableEnd < forcedEnd && !isCompacted()) {
            throw new Violation("what was acknowledged under fsync survives a power cut",
                    "%s is forced up to %d, but %s".formatted(id, forcedEnd, damage));
        }
    }

    /** A part may be damaged, which takes what is not in the journal with it. */
    void damaged() {
        forcedEnd = 0;
        powerCut();
    }

    /** The machine lost power: what was not promised to survive that is open again. */
    void powerCut() {
        if (!isAlwaysForced()) {
            batches.tailMap(forcedEnd, true).values().forEach(Written::unsettle);
            startAtLeast = 0;
            lossy = true;
            open = true;
        }
    }

    /**
     * Whether a log of durability {@code os} went through what that does not cover: then it may
     * have
     * lost the newest record of a key, and a part that a failed force left unwritten is damaged.
     */
    boolean isLossy() {
        return lossy;
    }

    /** The process has ended, one way or the other. */
    void processEnded(boolean diskFailed) {
        lossy |= diskFailed && !isAlwaysForced();
        if (is(Durability.MEMORY)) {
            forgetAll();
        }
        producers.forEach(Producing::reconnected);
    }

    private void forgetAll() {
        batches.clear();
        startAtLeast = 0;
        startAtMost = 0;
        forcedEnd = 0;
        existence = existence == Existence.GONE ? Existence.GONE : Existence.ASKED_FOR;
    }

    @Override
    public String toString() {
        return id.value();
    }
}
