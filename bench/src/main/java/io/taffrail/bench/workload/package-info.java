/** What is done to a broker and read off it, one class per kind of work. */
@NullMarked
package io.taffrail.bench.workload;

import org.jspecify.annotations.NullMarked;
