package io.taffrail.bench.report;

/** Two variants of a scenario. The report gives the ratio of the first to the second. */
public record Comparison(String taffrail, String other) {}
