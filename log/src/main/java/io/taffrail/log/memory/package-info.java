/** A log engine in memory. It serves as the fake in tests of all layers above the log. */
@NullMarked
package io.taffrail.log.memory;

import org.jspecify.annotations.NullMarked;
