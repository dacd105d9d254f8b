/** The local engine: one journal and many segmented logs in one data directory. */
@NullMarked
package io.taffrail.log.local;

import org.jspecify.annotations.NullMarked;
