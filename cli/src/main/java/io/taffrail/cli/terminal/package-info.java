/** What all commands share: options of a connection, exit codes, output for people and pipes. */
@NullMarked
package io.taffrail.cli.terminal;

import org.jspecify.annotations.NullMarked;
