/**
 * An engine that keeps its logs in memory: the fake of every test above the log, and the first
 * engine to pass the contract.
 */
@NullMarked
package io.taffrail.log.memory;

import org.jspecify.annotations.NullMarked;
