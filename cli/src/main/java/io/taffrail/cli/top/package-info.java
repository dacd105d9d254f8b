/** The command that shows a running broker live on a terminal. */
@NullMarked
package io.taffrail.cli.top;

import org.jspecify.annotations.NullMarked;
