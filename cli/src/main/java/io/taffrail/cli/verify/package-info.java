/** The verify command: its options, and how they become a run of {@code io.taffrail.verify}. */
@NullMarked
package io.taffrail.cli.verify;

import org.jspecify.annotations.NullMarked;
