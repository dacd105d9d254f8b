/** Tests of compaction's invariants, and comparison with Kafka's own rewriting of batches. */
@NullMarked
package io.taffrail.log.compact;

import org.jspecify.annotations.NullMarked;
