/**
 * The Produce request: checks of a batch, its way to the log's owner, the answer when it is
 * durable.
 */
@NullMarked
package io.taffrail.kafka.produce;

import org.jspecify.annotations.NullMarked;
