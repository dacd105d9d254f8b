/** The verify command: its options, converted to a run of {@code io.taffrail.verify}. */
@NullMarked
package io.taffrail.cli.verify;

import org.jspecify.annotations.NullMarked;
