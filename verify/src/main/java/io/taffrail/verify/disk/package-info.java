/** A separate disk for the broker that can lose power, fill up or be slow. Needs Linux and root. */
@NullMarked
package io.taffrail.verify.disk;

import org.jspecify.annotations.NullMarked;
