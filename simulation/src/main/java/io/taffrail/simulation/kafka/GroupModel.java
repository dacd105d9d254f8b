package io.taffrail.simulation.kafka;

import io.taffrail.simulation.world.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The expected state of a group: committed offsets and generations. Answers of different
 * connections may overtake each other, so each is checked against the state at the
 * time of its request.
 */
final class GroupModel {

    /**
     * A committed offset that was acknowledged or fetched; valid until another is
     * known to follow it.
     */
    private static final class Known {
        private final long offset;
        private final long since;
        private long until = Long.MAX_VALUE;

        private Known(long offset, long since) {
            this.offset = offset;
            this.since = since;
        }

        @Override
        public String toString() {
            return offset + (until == Long.MAX_VALUE ? "" : " before");
        }
    }

    /** A requested commit without an answer. */
    private record Asked(long offset, int life) {}

    /** The committed offset of one partition. */
    private static final class Committed {
        private final List<Known> known = new ArrayList<>(List.of(new Known(-1, -1)));
        private final List<Asked> possible = new ArrayList<>();
    }

    private final String id;
    private final Map<PartitionModel, Committed> offsets = new HashMap<>();
    private int generation = -1;
    private long time;
    private int life;

    GroupModel(String id) {
        this.id = id;
    }

    String id() {
        return id;
    }

    private Committed of(PartitionModel partition) {
        return offsets.computeIfAbsent(partition, _ -> new Committed());
    }

    /** Returns the logical time of a request. */
    long now() {
        return time++;
    }

    /** A commit is requested. */
    void committing(PartitionModel partition, long offset) {
        of(partition).possible.add(new Asked(offset, life));
    }

    /** The commit was refused and will not happen. */
    void refused(PartitionModel partition, long offset) {
        of(partition).possible.removeIf(it -> it.offset == offset);
    }

    /** The commit requested at {@code asked} is acknowledged. */
    void committed(PartitionModel partition, long offset, long asked) {
        Committed here = of(partition);
        long now = time++;
        for (Known each : here.known) {
            if (each.since < asked && each.until > now) {
                each.until = now;
            }
        }
        here.known.add(new Known(offset, now));
        here.possible.removeIf(it -> it.offset == offset || it.life < life);
    }

    /** An offset fetch requested at {@code asked} returned this offset; -1 if none is committed. */
    void seen(PartitionModel partition, long offset, long asked) {
        Committed here = of(partition);
        boolean was = here.known.stream()
                .anyMatch(it -> it.offset == offset && it.until > asked);
        if (!was && here.possible.stream().noneMatch(it -> it.offset == offset)) {
            boolean old = here.known.stream().anyMatch(it -> it.offset == offset);
            throw new Violation(old
                    ? "a committed offset never goes back"
                    : "no commit is invented",
                    "%s, %s: %d, was one of %s, or of %s".formatted(id, partition, offset,
                            here.known, here.possible));
        }
        committed(partition, offset, asked);
    }

    int generation() {
        return generation;
    }

    /** A generation or group epoch that is known to be durable. */
    void generation(int value) {
        generation = Math.max(generation, value);
    }

    /**
     * A new member learns of a generation.
     *
     * @param before
     *            the generation that was known at its request
     */
    void joined(int value, int before) {
        if (value < before) {
            throw new Violation("a group's generation never goes back",
                    "%s: %d after %d".formatted(id, value, before));
        }
    }

    void machineDied() {
        life++;
    }
}
