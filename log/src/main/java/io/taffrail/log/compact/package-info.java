/**
 * Log compaction with Kafka's rules, independent of any disk: the range to clean, the records
 * to keep and the resulting batches. The engine reads the batches and swaps the segments.
 *
 * <p>
 * In one round, {@link io.taffrail.log.compact.CleanableRange} decides whether to clean
 * and up to which offset; {@link io.taffrail.log.compact.KeyIndexer} reads the dirty part into
 * an {@link io.taffrail.log.compact.OffsetMap}; {@link io.taffrail.log.compact.Cleaner} rewrites
 * every segment below that offset, both clean and dirty.
 */
@NullMarked
package io.taffrail.log.compact;

import org.jspecify.annotations.NullMarked;
