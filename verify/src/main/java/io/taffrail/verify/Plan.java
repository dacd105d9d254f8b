package io.taffrail.verify;

import io.taffrail.verify.broker.Preset;
import io.taffrail.verify.fault.Fault;
import io.taffrail.verify.load.LoadSettings;
import io.taffrail.verify.load.WorkloadKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * The parameters of a run. Two runs of the same plan differ only by the timing
 * of threads, networks and disks.
 *
 * @param target
 *            the broker to verify
 * @param load
 *            the workload
 * @param faults
 *            the faults to inject
 * @param duration
 *            duration of the load, including faults
 * @param seed
 *            seed for the times and the order of faults
 * @param workDir
 *            existing directory for the broker's data, disk image and logs
 * @param history
 *            file to which the history is written
 */
public record Plan(Target target, LoadSettings load, Faults faults, Duration duration, long seed,
        Path workDir, Path history) {

    /** Returns the reason for which this plan cannot run against its target; empty if it can. */
    public Optional<String> problem() {
        if (load.kind() != WorkloadKind.messages && target.kafka().isEmpty()
                && !target.preset().map(Preset::kafka).orElse(false)) {
            return Optional.of("workload " + load.kind() + " needs a broker that speaks Kafka's"
                    + " protocol");
        }
        for (Fault fault : faults.kinds()) {
            boolean signalOnly = !fault.needsStart() && target.pid().isPresent();
            if (target.preset().isEmpty() && !signalOnly) {
                return Optional.of("fault " + fault.label()
                        + " needs a broker that this command starts"
                        + " (--broker or --start)" + (fault.needsStart() ? "" : " or --pid"));
            }
        }
        return Optional.empty();
    }

    /**
     * The faults to inject.
     *
     * @param kinds
     *            kinds of faults; empty for none
     * @param every
     *            mean time between the end of one fault and the next one
     * @param hold
     *            duration of a fault that lasts, such as a full disk
     * @param diskBytes
     *            size in bytes of the broker's disk, for faults that need one
     */
    public record Faults(Set<Fault> kinds, Duration every, Duration hold, long diskBytes) {

        boolean needDisk() {
            return kinds.stream().anyMatch(Fault::needsDisk);
        }
    }
}
