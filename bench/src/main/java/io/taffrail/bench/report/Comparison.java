package io.taffrail.bench.report;

/** Two variants of a scenario whose ratio, first over second, is reported. */
public record Comparison(String taffrail, String other) {}
