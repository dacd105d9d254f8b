package io.taffrail.bench;

import io.taffrail.bench.broker.Peer;
import io.taffrail.bench.report.Comparison;
import io.taffrail.bench.workload.Variant;
import io.taffrail.bench.workload.Workload;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A named piece of the benchmark: one kind of work on several variants, and what is compared. */
record Scenario(String name, String description, Workload workload, List<Variant> variants,
        List<Comparison> comparisons) {

    /** Who takes part. */
    Set<Peer> peers() {
        return variants.stream().map(Variant::peer).collect(Collectors.toSet());
    }
}
