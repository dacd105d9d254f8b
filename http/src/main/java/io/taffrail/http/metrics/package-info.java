/**
 * Metrics for Prometheus: {@code /metrics} and what belongs to it. Values are taken from snapshots
 * when they are asked for; no object is kept for a metric.
 */
@NullMarked
package io.taffrail.http.metrics;

import org.jspecify.annotations.NullMarked;
