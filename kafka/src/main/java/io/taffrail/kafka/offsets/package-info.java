/** Positions in logs: lookup by time and epoch, and deletion of records. */
@NullMarked
package io.taffrail.kafka.offsets;

import org.jspecify.annotations.NullMarked;
