package io.taffrail.verify;

import io.taffrail.verify.fault.Fault;
import io.taffrail.verify.load.LoadSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that decides a run, but for what threads, networks and disks decide.
 *
 * @param duration
 *            of the load, faults included
 * @param seed
 *            for the moments and the order of faults
 * @param workDir
 *            where the broker, its disk and logs live; must exist
 * @param history
 *            file to write
 */
public record Plan(Target target, LoadSettings load, Faults faults, Duration duration, long seed,
        Path workDir, Path history) {

    /** Why this cannot be done to that target; empty if it can. */
    public Optional<String> problem() {
        for (Fault fault : faults.kinds()) {
            boolean signalOnly = !fault.needsStart() && target.pid().isPresent();
            if (target.preset().isEmpty() && !signalOnly) {
                return Optional.of("fault " + fault.label() + " needs a broker that is started here"
                        + " (--broker or --start)" + (fault.needsStart() ? "" : " or --pid"));
            }
        }
        return Optional.empty();
    }

    /**
     * What is done to the broker.
     *
     * @param every
     *            mean time from one fault to the next
     * @param hold
     *            how long a fault lasts that is not over at once
     * @param diskBytes
     *            size of the disk, for faults that need one
     */
    public record Faults(Set<Fault> kinds, Duration every, Duration hold, long diskBytes) {

        boolean needDisk() {
            return kinds.stream().anyMatch(Fault::needsDisk);
        }
    }
}
