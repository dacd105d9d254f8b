/**
 * The Produce request: checks of batches, appends on the logs' owners, and acknowledgement once the
 * batches are durable.
 */
@NullMarked
package io.taffrail.kafka.produce;

import org.jspecify.annotations.NullMarked;
