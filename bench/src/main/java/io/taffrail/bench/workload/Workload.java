package io.taffrail.bench.workload;

/** The work that a scenario performs on each broker. */
public sealed interface Workload permits Load, Lifecycle {}
