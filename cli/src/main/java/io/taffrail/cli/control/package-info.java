/** Commands for a running broker, by way of a socket in its data directory. */
@NullMarked
package io.taffrail.cli.control;

import org.jspecify.annotations.NullMarked;
