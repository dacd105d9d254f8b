/** The checker: derives violated guarantees from a history. */
@NullMarked
package io.taffrail.verify.check;

import org.jspecify.annotations.NullMarked;
