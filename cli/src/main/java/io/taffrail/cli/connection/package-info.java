/** Commands for connections. */
@NullMarked
package io.taffrail.cli.connection;

import org.jspecify.annotations.NullMarked;
