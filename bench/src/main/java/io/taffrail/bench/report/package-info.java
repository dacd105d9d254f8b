/** Medians, ratios, tables and JSON lines derived from readings. */
@NullMarked
package io.taffrail.bench.report;

import org.jspecify.annotations.NullMarked;
