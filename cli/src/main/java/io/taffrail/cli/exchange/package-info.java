/** Commands for exchanges and bindings. */
@NullMarked
package io.taffrail.cli.exchange;

import org.jspecify.annotations.NullMarked;
