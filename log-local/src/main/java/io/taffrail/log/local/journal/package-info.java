/** The write-ahead journal: preallocated files, group commit by one thread, replay. */
@NullMarked
package io.taffrail.log.local.journal;

import org.jspecify.annotations.NullMarked;
