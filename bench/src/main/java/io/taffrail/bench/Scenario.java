package io.taffrail.bench;

import io.taffrail.bench.report.Comparison;
import io.taffrail.bench.workload.Variant;
import io.taffrail.bench.workload.Workload;
import java.util.List;

/** A named piece of the benchmark: one kind of work on several variants, and what is compared. */
record Scenario(String name, String description, Workload workload, List<Variant> variants,
        List<Comparison> comparisons) {}
