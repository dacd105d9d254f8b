/** The command that shows the status of a running broker. */
@NullMarked
package io.taffrail.cli.status;

import org.jspecify.annotations.NullMarked;
