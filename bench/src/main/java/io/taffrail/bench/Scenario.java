package io.taffrail.bench;

import io.taffrail.bench.broker.Peer;
import io.taffrail.bench.report.Comparison;
import io.taffrail.bench.workload.Variant;
import io.taffrail.bench.workload.Workload;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A scenario of the benchmark: one workload, its variants and the comparisons to report. */
record Scenario(String name, String description, Workload workload, List<Variant> variants,
        List<Comparison> comparisons) {

    /** Returns the brokers that take part. */
    Set<Peer> peers() {
        return variants.stream().map(Variant::peer).collect(Collectors.toSet());
    }
}
