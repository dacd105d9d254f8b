/**
 * The SLF4J binding of the command: one line per event on standard error. It is chosen by name
 * ({@link io.taffrail.cli.logging.Logging#start}), not by a service file, so that a program which
 * embeds the broker keeps its own binding.
 */
@NullMarked
package io.taffrail.cli.logging;

import org.jspecify.annotations.NullMarked;
