/** The benchmark's command line, its catalogue of scenarios and the loop that runs them. */
@NullMarked
package io.taffrail.bench;

import org.jspecify.annotations.NullMarked;
