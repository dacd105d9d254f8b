/** Commands for delayed messages. */
@NullMarked
package io.taffrail.cli.delayed;

import org.jspecify.annotations.NullMarked;
