/** Shared by all commands: connection options, exit codes, and output for terminals and pipes. */
@NullMarked
package io.taffrail.cli.terminal;

import org.jspecify.annotations.NullMarked;
