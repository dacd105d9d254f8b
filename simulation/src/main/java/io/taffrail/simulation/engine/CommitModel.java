package io.taffrail.simulation.engine;

import io.taffrail.log.Durability;
import io.taffrail.simulation.world.Violation;
import java.util.ArrayList;
import java.util.List;

/** A commit to several logs: all of it is stored, or nothing. */
final class CommitModel {

    private record Part(LogModel log, Written batch, boolean forced) {

        /**
         * Whether the model knows after a restart if the batch is there. After a power cut it reads
         * a log of changing durability anew, and compaction rewrites batches.
         */
        boolean isKnown() {
            return log.isUsable() && forced && batch.lastOffset() >= log.startAtLeast()
                    && (log.isAlwaysForced() || !log.isCompacted());
        }
    }

    private final List<Part> parts = new ArrayList<>();

    /** Adds a batch that the commit stored in a log, under that log's present durability. */
    void add(LogModel log, Written batch) {
        parts.add(new Part(log, batch, log.is(Durability.FSYNC)));
    }

    void settle() {
        parts.forEach(it -> it.batch.settle());
    }

    /** Checks the commit after a restart, when every log has been cut to its end. */
    void requireWholeOrAbsent() {
        List<Part> there = new ArrayList<>();
        List<Part> absent = new ArrayList<>();
        for (Part part : parts) {
            if (!part.isKnown()) {
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
