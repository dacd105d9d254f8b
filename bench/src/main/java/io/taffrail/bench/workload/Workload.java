package io.taffrail.bench.workload;

/** What a scenario does to each broker. */
public sealed interface Workload permits Load, Lifecycle {}
