/** A disk of its own for the broker, which can lose power, fill up and be slow. Linux, as root. */
@NullMarked
package io.taffrail.verify.disk;

import org.jspecify.annotations.NullMarked;
