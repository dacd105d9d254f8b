/** The workloads, one class for each kind. */
@NullMarked
package io.taffrail.bench.workload;

import org.jspecify.annotations.NullMarked;
