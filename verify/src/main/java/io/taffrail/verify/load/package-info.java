/** The protocol-independent part of a workload. */
@NullMarked
package io.taffrail.verify.load;

import org.jspecify.annotations.NullMarked;
