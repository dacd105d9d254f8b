/** The head as real clients see it, over logs in memory. */
@NullMarked
package io.taffrail.kafka;

import org.jspecify.annotations.NullMarked;
