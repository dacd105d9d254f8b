/**
 * Streams: logs that any number of consumers read, each from an offset of its own. Reading removes
 * nothing, and settling a delivery gives the consumer credit for the next one. Everything runs on
 * the owner thread of the virtual host.
 */
@NullMarked
package io.taffrail.broker.stream;

import org.jspecify.annotations.NullMarked;
