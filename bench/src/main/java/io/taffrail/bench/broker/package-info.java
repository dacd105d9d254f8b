/** The two brokers under comparison: put on disk, started, probed on the wire, stopped. */
@NullMarked
package io.taffrail.bench.broker;

import org.jspecify.annotations.NullMarked;
