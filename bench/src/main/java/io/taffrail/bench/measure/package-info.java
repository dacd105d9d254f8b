/** Client processes, and the resource use of clients and brokers as the kernel reports it. */
@NullMarked
package io.taffrail.bench.measure;

import org.jspecify.annotations.NullMarked;
