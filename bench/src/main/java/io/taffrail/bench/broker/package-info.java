/** The brokers under comparison: preparation, start, probes over the network, and stop. */
@NullMarked
package io.taffrail.bench.broker;

import org.jspecify.annotations.NullMarked;
