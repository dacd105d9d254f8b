/** Control commands for a running broker, through a socket in its data directory. */
@NullMarked
package io.taffrail.cli.control;

import org.jspecify.annotations.NullMarked;
