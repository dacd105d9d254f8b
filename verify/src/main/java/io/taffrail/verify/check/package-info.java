/** Finds what a broker broke of its promises, in a history alone. */
@NullMarked
package io.taffrail.verify.check;

import org.jspecify.annotations.NullMarked;
