/** Compaction's invariants, and Kafka's own rewriting of batches as the second opinion. */
@NullMarked
package io.taffrail.log.compact;

import org.jspecify.annotations.NullMarked;
