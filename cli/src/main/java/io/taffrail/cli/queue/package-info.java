/** Commands for queues. */
@NullMarked
package io.taffrail.cli.queue;

import org.jspecify.annotations.NullMarked;
