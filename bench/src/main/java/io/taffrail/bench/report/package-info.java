/** Readings turned into medians, ratios, tables and JSON lines. */
@NullMarked
package io.taffrail.bench.report;

import org.jspecify.annotations.NullMarked;
