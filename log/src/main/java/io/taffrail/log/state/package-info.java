/**
 * State of a log that is derived from its batches: epochs, producers,
 * open and aborted transactions. Common to all engines.
 */
@NullMarked
package io.taffrail.log.state;

import org.jspecify.annotations.NullMarked;
