/** Tests of the in-memory engine: the contract, and the hooks that it offers to tests. */
@NullMarked
package io.taffrail.log.memory;

import org.jspecify.annotations.NullMarked;
