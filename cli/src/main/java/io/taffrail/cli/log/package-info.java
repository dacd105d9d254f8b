/** Commands for stored logs, of a stopped or a running broker. */
@NullMarked
package io.taffrail.cli.log;

import org.jspecify.annotations.NullMarked;
