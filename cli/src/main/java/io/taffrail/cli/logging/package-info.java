/**
 * SLF4J binding of the {@code taffrail} command: one line per event on standard error.
 * It is selected by name ({@link io.taffrail.cli.logging.Logging#start}) and not by a service file,
 * so that a program that embeds the broker keeps its own binding.
 */
@NullMarked
package io.taffrail.cli.logging;

import org.jspecify.annotations.NullMarked;
