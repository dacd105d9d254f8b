/** The {@code taffrail} command: the only place that names an engine or a head. */
@NullMarked
package io.taffrail.cli;

import org.jspecify.annotations.NullMarked;
