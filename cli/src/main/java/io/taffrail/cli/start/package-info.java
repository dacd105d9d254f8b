/** The broker's own command, and what trains its ahead-of-time cache. */
@NullMarked
package io.taffrail.cli.start;

import org.jspecify.annotations.NullMarked;
