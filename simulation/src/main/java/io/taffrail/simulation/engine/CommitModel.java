package io.taffrail.simulation.engine;

import io.taffrail.simulation.world.Violation;
import java.util.ArrayList;
import java.util.List;

/** A commit to several logs: all of it is stored, or nothing. */
final class CommitModel {

    private record Part(LogModel log, Written batch) {}

    private final List<Part> parts = new ArrayList<>();

    void add(LogModel log, Written batch) {
        parts.add(new Part(log, batch));
    }

    void settle() {
        parts.forEach(it -> it.batch.settle());
    }

    /** Checks the commit after a restart, when every log has been cut to its end. */
    void requireWholeOrAbsent() {
        List<Part> there = new ArrayList<>();
        List<Part> absent = new ArrayList<>();
        for (Part part : parts) {
            // If records of durability os are lost, the journaled records behind
            // them are discarded.
            if (!part.log.isUsable() || !part.log.isAlwaysForced()
                    || part.batch.lastOffset() < part.log.startAtLeast()) {
                continue;
            }
            boolean present = part.batch
                    .equals(part.log.batches().get(part.batch.baseOffset()));
            (present ? there : absent).add(part);
        }
        if (!there.isEmpty() && !absent.isEmpty()) {
            throw new Violation("a commit is whole or absent",
                    "there is %s, but not %s".formatted(there, absent));
        }
    }
}
