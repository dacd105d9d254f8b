/** How the running broker is. */
@NullMarked
package io.taffrail.cli.status;

import org.jspecify.annotations.NullMarked;
