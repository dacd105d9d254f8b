/** The in-memory engine against the contract, and its hooks for tests. */
@NullMarked
package io.taffrail.log.memory;

import org.jspecify.annotations.NullMarked;
