/**
 * The {@code taffrail} command. No other module refers to a log engine implementation
 * or a protocol head.
 */
@NullMarked
package io.taffrail.cli;

import org.jspecify.annotations.NullMarked;
