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

/** The expected content of one log, over all lives of the machine. */
final class LogModel {

    /** Existence of the log. */
    enum Existence {
        /** Creation was requested and not acknowledged. */
        ASKED_FOR,
        /** The log must exist. */
        CERTAIN,
        /** Deletion was requested and not acknowledged. */
        GOING,
        /** The log must not exist. */
        GONE
    }

    private final LogId id;
    private final int owner;
    /** True if its durability changes at times. */
    private final boolean changing;
    private final NavigableMap<Long, Written> batches = new TreeMap<>();
    private final List<Producing> producers = new ArrayList<>();
    private LogOptions options;
    private Existence existence = Existence.ASKED_FOR;
    /**
     * End of the records acknowledged as forced: they and all records before survive a power cut.
     */
    private long forcedEnd;
    /** Bounds of the log's start offset. */
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

    /** True if each append is forced before it is acknowledged, at all times. */
    boolean isAlwaysForced() {
        return !changing && is(Durability.FSYNC);
    }

    /** Changes the durability of the next appends. */
    LogOptions changeDurability() {
        options = options.withDurability(is(Durability.OS) ? Durability.FSYNC : Durability.OS);
        return options;
    }

    /** A batch ending at {@code end} was acknowledged as forced. */
    void forced(long end) {
        forcedEnd = Math.max(forcedEnd, end);
    }

    /** All batches that are or may be stored, by base offset. */
    NavigableMap<Long, Written> batches() {
        return batches;
    }

    long startAtLeast() {
        return startAtLeast;
    }

    /** A move of the start was requested; its outcome is unknown. */
    void startAsked(long offset) {
        startBefore = startAtMost;
        startAtMost = Math.max(startAtMost, offset);
    }

    /** Retention has been applied and may have moved the start. */
    void startRetained(long offset) {
        startAtMost = Math.max(startBefore, offset);
    }

    /** Records the start of a log that may lose its last changes. */
    void startWas(long offset) {
        startAtLeast = offset;
        startAtMost = Math.max(startAtMost, offset);
    }

    /** Checks the start seen after a restart. */
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

    /** Adds a batch that may have been stored at an offset that was never reported. */
    void maybeAdd(Written written) {
        written.unsure();
        batches.putIfAbsent(written.baseOffset(), written);
    }

    /**
     * The log continues at {@code end}: batches that may have been stored behind it
     * are overwritten.
     */
    void goesOnAt(long end) {
        batches.tailMap(end, true).values().removeIf(it -> !it.isSettled());
    }

    /** After a restart: removes batches at or behind the end, which are lost for good. */
    void cutTo(long end) {
        for (Written lost : batches.tailMap(end, true).values()) {
            if (lost.isSettled()) {
                throw new Violation("no acknowledged record is lost",
                        "%s ends at %d and has not %s".formatted(id, end, lost));
            }
        }
        Map.Entry<Long, Written> last = batches.lowerEntry(end);
        if (last != null && last.getValue().lastOffset() >= end && !isAlwaysForced()) {
            // A trim ended within a batch that was lost: the log continues from there.
            batches.remove(last.getKey());
        } else if (last != null && last.getValue().lastOffset() >= end) {
            throw new Violation("a batch is whole or absent",
                    "%s ends at %d, within %s".formatted(id, end, last.getValue()));
        }
        batches.tailMap(end, true).clear();
    }

    /** For a log that may lose unforced records: removes unsettled batches that are not present. */
    void forgetUnsettled(long from, long end, Set<Long> present) {
        batches.subMap(from, true, end, false).values().removeIf(it -> !it.isSettled()
                && LongStream.rangeClosed(it.baseOffset(), it.lastOffset())
                        .noneMatch(present::contains));
    }

    /**
     * After a power cut that durability {@code os} does not cover: records acknowledged as forced
     * must be present; of the rest, the present ones count from now on.
     */
    void adopt(List<CheckedBatches.Batch> found, long from) {
        if (open) {
            open = false;
            if (!isCompacted()) {
                requireForced(found, from);
            }
            Map<Long, Written> known = new HashMap<>(batches);
            batches.clear();
            for (CheckedBatches.Batch batch : found) {
                Written before = known.get(batch.baseOffset());
                batches.put(batch.baseOffset(), before != null && before.crc() == batch.crc()
                        ? before
                        : Written.found(batch));
            }
        }
    }

    private void requireForced(List<CheckedBatches.Batch> found, long from) {
        Map<Long, Integer> checksums = new HashMap<>();
        found.forEach(it -> checksums.put(it.baseOffset(), it.crc()));
        batches.subMap(Math.min(from, forcedEnd), true, forcedEnd, false).forEach((base, batch) -> {
            if (!Objects.equals(checksums.get(base), batch.crc())) {
                throw new Violation("what was acknowledged under fsync survives a power cut",
                        "%s has not %s, forced up to %d".formatted(id, batch, forcedEnd));
            }
        });
    }

    /** Requires that no record acknowledged as forced is damaged. */
    void requireReadable(long readableEnd, String damage) {
        if (readableEnd < forcedEnd && !isCompacted()) {
            throw new Violation("what was acknowledged under fsync survives a power cut",
                    "%s is forced up to %d, but %s".formatted(id, forcedEnd, damage));
        }
    }

    /** Part of the log may be damaged, together with any record that is not in the journal. */
    void damaged() {
        forcedEnd = 0;
        powerCut();
    }

    /** The machine lost power: records not promised to survive it may be lost. */
    void powerCut() {
        if (!isAlwaysForced()) {
            batches.tailMap(forcedEnd, true).values().forEach(Written::unsettle);
            startAtLeast = 0;
            lossy = true;
            open = true;
        }
    }

    /**
     * True if a log of durability {@code os} went through an event that {@code os} does not
     * cover. It may have lost the newest record of a key, and a part that a failed force left
     * unwritten is damaged.
     */
    boolean isLossy() {
        return lossy;
    }

    /** The process has ended, by a stop or a crash. */
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
