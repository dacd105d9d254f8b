/** Offsets of logs: look-up by time and by epoch, and deletion of records. */
@NullMarked
package io.taffrail.kafka.offsets;

import org.jspecify.annotations.NullMarked;
