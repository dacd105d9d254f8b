/** The command that runs the broker, and the command that trains its ahead-of-time cache. */
@NullMarked
package io.taffrail.cli.start;

import org.jspecify.annotations.NullMarked;
