/** Reads a stopped data directory without changing it: what is in it, and what is wrong with it. */
@NullMarked
package io.taffrail.log.local.inspect;

import org.jspecify.annotations.NullMarked;
