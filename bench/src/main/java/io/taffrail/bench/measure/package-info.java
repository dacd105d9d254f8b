/** Client processes, and what the kernel says they and the broker used. */
@NullMarked
package io.taffrail.bench.measure;

import org.jspecify.annotations.NullMarked;
