/** Segments: files of contiguous batches with a sparse index of offsets and times. */
@NullMarked
package io.taffrail.log.local.segment;

import org.jspecify.annotations.NullMarked;
