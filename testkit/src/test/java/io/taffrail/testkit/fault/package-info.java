/** Brokers on disks that fail, and clients that do. */
@NullMarked
package io.taffrail.testkit.fault;

import org.jspecify.annotations.NullMarked;
