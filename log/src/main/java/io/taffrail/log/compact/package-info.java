/**
 * Log compaction with Kafka's rules, apart from any disk: what may be cleaned, which records stay,
 * and how their batches look afterwards. The engine brings the batches and swaps the segments.
 *
 * <p>
 * A round: {@link io.taffrail.log.compact.CleanableRange} says whether and how far;
 * {@link io.taffrail.log.compact.KeyIndexer} reads the dirty part into an
 * {@link io.taffrail.log.compact.OffsetMap}; {@link io.taffrail.log.compact.Cleaner} then writes
 * every segment below that point anew, clean part and dirty part.
 */
@NullMarked
package io.taffrail.log.compact;

import org.jspecify.annotations.NullMarked;
