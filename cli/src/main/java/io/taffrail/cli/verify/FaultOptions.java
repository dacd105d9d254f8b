package io.taffrail.cli.verify;

import io.taffrail.cli.terminal.Failure;
import io.taffrail.verify.Plan;
import io.taffrail.verify.fault.Fault;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Options for the faults to inject. */
final class FaultOptions {

    private static final long MIB = 1024L * 1024;
    private static final int LEAST_DISK_MIB = 64;

    @Option(names = "--faults", paramLabel = "FAULT", split = ",", description = "Any of kill, stop, restart, power-cut, disk-full, slow-disk (default: none). The last three need Linux and root.")
    private List<String> faults = List.of();

    @Option(names = "--fault-every", paramLabel = "TIME", defaultValue = "4 s", description = "Mean time from one fault to the next (default: ${DEFAULT-VALUE}).")
    private Duration every = Duration.ofSeconds(4);

    @Option(names = "--fault-hold", paramLabel = "TIME", defaultValue = "2 s", description = "How long stop, disk-full and slow-disk last (default: ${DEFAULT-VALUE}).")
    private Duration hold = Duration.ofSeconds(2);

    @Option(names = "--disk-size", paramLabel = "MIB", defaultValue = "1024", description = "Size of the disk that is made for power-cut, disk-full and slow-disk (default: ${DEFAULT-VALUE}).")
    private int diskMib = 1024;

    Plan.Faults faults() {
        Set<Fault> kinds = EnumSet.noneOf(Fault.class);
        for (String label : faults) {
            kinds.add(Fault.of(label).orElseThrow(() -> Failure.usage("unknown fault '" + label
                    + "'; there are " + Arrays.stream(Fault.values()).map(Fault::label)
                            .collect(Collectors.joining(", ")))));
        }
        if (diskMib < LEAST_DISK_MIB) {
            throw Failure.usage("--disk-size must be at least " + LEAST_DISK_MIB);
        }
        if (every.toMillis() < 1) {
            throw Failure.usage("--fault-every must be at least 1 ms");
        }
        return new Plan.Faults(kinds, every, hold, diskMib * MIB);
    }
}
